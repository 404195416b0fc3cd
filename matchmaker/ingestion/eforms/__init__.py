"""eForms notices (UBL 2.3 with the eForms extension, SDK 1.3 to 1.13, national Norwegian ones too)."""
