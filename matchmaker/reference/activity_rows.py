"""The list of activities by product group: key, label, leading digits of CPV codes, words people search with."""

from collections.abc import Mapping

from matchmaker.domain.messages import Message

ActivityRow = tuple[str, Message, str, str]

ROWS: Mapping[str, tuple[ActivityRow, ...]] = {
    "food": (
        ("school-meals", Message("Meals for schools and nurseries"), "555231 55524", "school lunch, kindergarten meals"),
        ("canteens", Message("Running a canteen or café"), "5551 5533 5541 5531", "staff restaurant, cafeteria, bar"),
        ("catering", Message("Catering for events and institutions"), "5552 5532 55300 55500", "buffet, cooking, kitchen"),
        ("meals-on-wheels", Message("Meals delivered to people at home"), "555212 853122", "meals on wheels, meal delivery"),
        ("bakery", Message("Bread, cakes and biscuits"), "1581 1582 1561", "bakery, pastry, sandwiches"),
        ("fresh-food", Message("Fruit, vegetables, eggs and other farm food"), "0311 0314 032 0333 153", "organic farm"),
        ("prepared-food", Message("Prepared food, preserves and dry goods"), "15000 151 152 154 155 156 158", "jam, soups"),
        ("drinks", Message("Drinks, coffee and tea"), "1586 159 42933", "juice, roastery, vending machine"),
    ),
    "textiles": (
        ("laundry", Message("Laundry and ironing"), "9831", "washing, dry cleaning, hospital linen, hotel linen"),
        ("workwear", Message("Workwear, uniforms and protective clothing"), "181 18222 184 35113", "uniforms, gloves, masks"),
        ("sewing", Message("Sewing, tailoring and mending"), "98393 5083 182 183", "alterations, repair of clothes, atelier"),
        ("household-linen", Message("Bed linen, towels, curtains and other textiles"), "395 192", "sheets, towels, curtains"),
        ("reused-clothes", Message("Second-hand clothes and shoes"), "183 188", "used clothing, clothes collection"),
        ("bags-and-gifts", Message("Bags, leather goods and promotional gifts"), "185 189 392941", "tote bags, gifts, toys"),
    ),
    "transport": (
        ("people-with-disabilities", Message("Transport of people with reduced mobility"), "6013 6014", "dial-a-ride"),
        ("school-transport", Message("School transport"), "6013 60112 60172", "school bus, pupils"),
        ("bus-and-taxi", Message("Buses, taxis and cars with driver"), "60112 6012 6014 6017", "minibus, coach, shuttle"),
        ("patients", Message("Transport of patients"), "85143 6013", "ambulance, hospital transport"),
        ("goods", Message("Transport of goods and storage"), "6018 60161 631 6312", "lorry, warehouse, logistics"),
        ("courier", Message("Courier, parcels and cargo bikes"), "6412 60161 6016", "bicycle courier, parcels, last mile"),
        ("removals", Message("Removals and house clearance"), "98392 6018", "moving house, clearance, relocation"),
        ("vehicles", Message("Care and repair of vehicles and bicycles"), "501 3443 90917", "car wash, bicycle workshop"),
    ),
    "cleaning": (
        (
            "buildings",
            Message("Cleaning of offices, schools, homes and windows"),
            "90900 90910 90911 90919",
            "office cleaning, window cleaning",
        ),
        ("streets", Message("Cleaning of streets, beaches and public places"), "906 905113", "sweeping, litter, graffiti, snow"),
        ("hygiene", Message("Disinfection and pest control"), "9092 9067", "disinfection, hygiene, pests"),
        ("cleaning-products", Message("Cleaning products and hygiene paper"), "398 337 1964 39224", "soap, brushes"),
        ("household-help", Message("Help in the household"), "985 79622", "domestic help, home cleaning"),
    ),
    "green": (
        ("green-spaces", Message("Care of parks, gardens and sports fields"), "77000 773 451127", "gardening, mowing"),
        ("trees-and-forest", Message("Trees, hedges and forest"), "772 7734 034", "pruning, firewood, planting trees"),
        ("plants", Message("Plants and flowers"), "0312 0345 7733", "nursery, flower beds, bouquets"),
        ("nature", Message("Nature conservation, rivers and paths"), "9253 9070 9071 9072 45246 7723", "footpaths, river banks"),
        ("farming", Message("Farm work and animals"), "771 033 9838", "harvest, animal care, composting"),
        ("building-work", Message("Small building work and renovation"), "4526 4540 4541 4543 4544 4545", "painting, masonry"),
        ("demolition", Message("Demolition and recovery of building materials"), "4511 4421", "deconstruction"),
        (
            "caretaking",
            Message("Caretaking and maintenance of buildings"),
            "507 79993 98341120 98341130 98341140 7033 453",
            "handyman, janitor",
        ),
    ),
    "furniture": (
        ("furniture-making", Message("Making furniture"), "391 4542", "tables, shelves, school furniture"),
        ("joinery", Message("Joinery and wood products"), "4422 0341 4419 4542", "doors, pallets, boxes, carpentry"),
        ("furniture-repair", Message("Repair, upholstery and reused furniture"), "5080 5085 98394 391", "second-hand furniture"),
        ("metal", Message("Metal work and mechanical parts"), "4421 443 445 98395", "welding, turning, locks, fences"),
        ("assembly", Message("Assembly and subcontracted industrial work"), "3122 3168 3171 511 512 515", "cable assembly"),
        ("signs", Message("Signs, street furniture and playgrounds"), "34928 34992 37535 5087", "benches, road signs"),
        ("crafts", Message("Crafts, toys and ceramics"), "375 378 39298 185", "pottery, candles, wooden toys"),
    ),
    "waste": (
        ("collection", Message("Collection of waste and bulky items"), "90511 90512 90500 90918", "household waste, bulky waste"),
        ("sorting", Message("Sorting and recycling"), "90514 90513 90510", "sorting plant, plastics, paper"),
        ("recycling-centres", Message("Running recycling centres and reuse shops"), "9053 90514 559", "civic amenity site"),
        ("electronics", Message("Collection and repair of electrical appliances"), "503 905 397 302", "e-waste"),
        ("composting", Message("Composting and organic waste"), "7712 90513", "food waste, biowaste"),
    ),
    "printing": (
        ("printing", Message("Printing, copying and bookbinding"), "798 7952 22 79971", "flyers, brochures, posters"),
        ("mailing", Message("Mailing and letter services"), "7957 640 641 6016", "stuffing envelopes, franking, mail delivery"),
        ("packing", Message("Packing, labelling and sets"), "7992 446171", "co-packing, kits, boxes, shrink wrap"),
        ("office-supplies", Message("Office supplies and paper"), "3019 30125 228", "stationery, toner, folders"),
        ("design", Message("Design, advertising and photography"), "7934 7982 7993 7996", "graphic design, layout, film"),
        ("events", Message("Organising events and exhibitions"), "7995 92312 39154", "trade fair, stage, festival"),
    ),
    "care": (
        ("home-care", Message("Care and help at home"), "85300 85312000 853124 85141", "home help, nursing, personal assistance"),
        ("residential", Message("Homes and shelter"), "85311 9834110", "care home, hostel, refugees, homeless"),
        ("childcare", Message("Childcare and youth work"), "8531211 85311300 8011 55243", "nursery, after-school, holiday camp"),
        ("day-care", Message("Day centres and rehabilitation"), "85312100 8531212 853125", "day care, therapy, disability"),
        ("counselling", Message("Advice, counselling and social work"), "85300 85310 853123 8532 98133", "debt advice"),
        ("work-inclusion", Message("Help to find and keep work"), "7960 7961 79634 8531251", "job coaching"),
        ("training", Message("Training and courses"), "803 804 805", "language course, vocational training, first aid"),
        ("staff", Message("Temporary staff"), "7962", "agency work, seconded workers"),
        ("health", Message("Health services"), "851 3319", "nursing, therapy, prevention, aids"),
        ("culture-sport", Message("Culture, sport, tourism and leisure"), "92 551 552 635", "library, museum, sports hall"),
    ),
    "digital": (
        ("software", Message("Software, websites and their testing"), "722 724 48", "web design, programming, accessibility"),
        ("data", Message("Data entry, scanning, archives and shredding"), "723 72512 79995 79999 7956 9251", "digitisation"),
        ("helpdesk", Message("Helpdesk, reception and call centre"), "7951 79992 72253", "telephone, reception desk"),
        ("devices", Message("Computers and their repair"), "302 503 725", "laptops, refurbishing, maintenance"),
        ("office-work", Message("Bookkeeping, typing, translation and interpreting"), "79500 792 7953 7954 7955", "accounts"),
        ("advice", Message("Advice, research and surveys"), "793 794 73", "consulting, studies, social impact"),
        ("security", Message("Guarding and reception of visitors"), "797 98341120 98351", "guards, porters, car parks"),
    ),
}
