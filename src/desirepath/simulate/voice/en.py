"""English phrases of the café's customers: by topic, what the hurt, the undecided and the pleased say."""

from desirepath.simulate.voice.grammar import Phrases

PHRASES = Phrases(
    slots={
        "drink": ("flat white", "cappuccino", "long black", "oat latte", "filter coffee", "cortado"),
        "bean": ("the Guji", "the house blend", "the Huila", "the decaf", "the Sidamo"),
        "min": ("15", "20", "25", "ten"),
        "days": ("eight", "nine", "ten", "six"),
    },
    said={
        "queue": (
            (
                "Waited {min} minutes just to reach the counter.",
                "The queue was out of the door and only one till was open.",
                "I missed my train because of the queue.",
                "Walked out again, the wait was ridiculous.",
                "Every morning the same: one barista, thirty people.",
            ),
            ("A bit of a wait, but it moved.", "Busy as usual before work.", "Queue was OK, five minutes or so."),
            (
                "In and out in three minutes, even at rush hour.",
                "No queue at all, lovely start to the day.",
                "They keep the queue moving and still smile.",
            ),
        ),
        "menu": (
            (
                "The menu screen is a maze, I pressed back six times.",
                "I couldn't work out which size is which.",
                "Too many options and no pictures, I gave up.",
                "Where do you even find a plain {drink} on this thing?",
                "It jumps back to the top every time I add something.",
            ),
            (
                "The menu takes some getting used to.",
                "Fine once you know where things are.",
                "Choice is big, maybe too big.",
            ),
            (
                "Found my {drink} in two taps.",
                "Lovely descriptions, finally I get what washed means.",
                "The tasting notes for {bean} are spot on.",
            ),
        ),
        "payment": (
            (
                "Payment failed twice and I was charged anyway.",
                "The app keeps saying payment declined, but my card is fine.",
                "Had to type my card number again from scratch.",
                "Checkout asks for far too much, I nearly left.",
                "It froze on the payment page.",
            ),
            ("Paying works, but there is one step too many.", "Payment was fine.", "Took a moment to confirm."),
            (
                "Tapped my phone and done.",
                "Quickest checkout I've used in a while.",
                "Paying in the app just works.",
            ),
        ),
        "coffee": (
            (
                "My {drink} was lukewarm.",
                "Burnt and bitter, not what I'm used to here.",
                "They got my order wrong again.",
                "Half the cup was foam.",
                "Tasted like the machine hadn't been cleaned.",
            ),
            (
                "Decent {drink}, nothing special.",
                "Coffee was all right.",
                "Good, though a little less hot than I like.",
            ),
            (
                "Best {drink} in town, honestly.",
                "Perfect {drink}, and they remembered my name.",
                "Silky milk, great crema, happy me.",
                "The {drink} made my morning.",
                "{bean} as a pour-over is a dream.",
            ),
        ),
        "delivery": (
            (
                "Ordered {bean} and waited {days} days.",
                "The parcel arrived {days} days late and nobody told me.",
                "Tracking hasn't moved for a week.",
                "The bag was torn and beans were everywhere in the box.",
                "By the time the beans came, they had been roasted three weeks ago.",
            ),
            (
                "Arrived in the end.",
                "Delivery took three days, acceptable.",
                "Packaging fine, a day later than promised.",
            ),
            (
                "Beans arrived the next day, roasted the day before.",
                "Beautifully packed and right on time.",
                "{bean} was so fresh, the whole kitchen smells of it.",
            ),
        ),
        "support": (
            (
                "Nobody answers, I've written three times.",
                "Was passed from one person to the next.",
                "They just sent me a copy of the FAQ.",
                "Still waiting for my refund.",
                "On hold for {min} minutes, then the line went dead.",
            ),
            ("Got an answer, though it took two days.", "Problem sorted, more or less.", "Polite, but slow."),
            (
                "Chat answered within a minute and fixed it.",
                "Super kind, refunded me on the spot.",
                "Sent a replacement without any fuss.",
            ),
        ),
        "general": (
            (
                "It used to be better.",
                "Will think twice before I come back.",
                "Too expensive for what it is.",
                "Disappointed, sorry.",
            ),
            ("It's OK.", "Some days good, some days not.", "Does the job."),
            (
                "My favourite place to start the day.",
                "I tell all my friends about you.",
                "Keep doing what you do!",
                "Friendly people and honest coffee.",
            ),
        ),
    },
    replies=(
        "Thank you for writing to us. We are sorry about this and have refunded your order.",
        "We have passed this on to the team and will come back to you within two days.",
        "Please send us your order number and we will look into it.",
    ),
    notes=(
        "Where is my order?",
        "Wrong charge",
        "Asking for a refund",
        "Complaint about the wait",
        "Question about the app",
    ),
)
