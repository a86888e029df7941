"""European Portuguese phrases, as people in Lisbon write them."""

from desirepath.simulate.voice.grammar import Phrases

PHRASES = Phrases(
    slots={
        "drink": ("galão", "cappuccino", "abatanado", "flat white", "café de filtro", "macchiato"),
        "bean": ("Guji", "lote da casa", "Huila", "descafeinado", "Sidamo"),
        "min": ("15", "20", "25", "30"),
        "days": ("oito", "nove", "dez", "seis"),
    },
    said={
        "queue": (
            (
                "Estive {min} minutos na fila só para pedir.",
                "A fila chegava à porta e só havia uma caixa aberta.",
                "Perdi o comboio por causa da espera.",
                "Desisti e fui-me embora, não dá para esperar tanto.",
                "Todas as manhãs é isto: uma pessoa para trinta clientes.",
            ),
            (
                "Esperei um bocadinho, mas andou.",
                "Cheio, como é costume de manhã.",
                "Uns cinco minutos de fila, aceitável.",
            ),
            (
                "Três minutos e já tinha o café na mão, mesmo à hora de ponta.",
                "Sem fila nenhuma, que bom começo de dia.",
                "Muita gente, mas são rápidos e sempre a sorrir.",
            ),
        ),
        "menu": (
            (
                "O menu do ecrã é um labirinto, já voltei atrás umas seis vezes.",
                "Não se percebe a diferença entre os tamanhos.",
                "Opções a mais e nenhuma fotografia, desisti.",
                "Onde é que está um simples {drink}?",
                "Demorei uma eternidade a escolher naquele ecrã.",
            ),
            (
                "O menu leva um bocado a perceber.",
                "Depois de se apanhar o jeito, vai bem.",
                "Há muita escolha, talvez demasiada.",
            ),
            (
                "Encontrei o meu {drink} em dois toques.",
                "Boas descrições, finalmente percebi o que é café lavado.",
                "As notas de prova do {bean} estão certíssimas.",
            ),
        ),
        "payment": (
            (
                "O pagamento falhou duas vezes e cobraram-me na mesma.",
                "A app diz que o pagamento foi recusado, mas o cartão está bom.",
                "Tive de escrever outra vez o número do cartão.",
                "Pedem dados a mais para pagar, quase desisti.",
                "Ficou parado na página de pagamento.",
            ),
            ("Dá para pagar, mas há um passo a mais.", "O pagamento correu bem.", "Demorou um pouco a confirmar."),
            ("Com MB WAY foi num instante.", "Nunca paguei tão depressa.", "Pagar na app é simples."),
        ),
        "coffee": (
            (
                "O meu {drink} vinha morno.",
                "Café queimado e amargo, não se bebia.",
                "Enganaram-se outra vez no pedido.",
                "Metade da chávena era espuma.",
                "Sabia a máquina por lavar.",
            ),
            ("Um {drink} razoável, nada de especial.", "Bebeu-se bem.", "Bom, mas gosto dele mais quente."),
            (
                "O melhor {drink} de Lisboa, a sério.",
                "{drink} perfeito, e ainda se lembram do meu nome.",
                "Leite sedoso, creme ótimo, saí feliz.",
                "Este {drink} salvou-me a manhã.",
                "O {bean} em filtro é um sonho.",
            ),
        ),
        "delivery": (
            (
                "Encomendei o {bean} e esperei {days} dias.",
                "A encomenda chegou com {days} dias de atraso e ninguém avisou.",
                "O seguimento não mexe há uma semana.",
                "O pacote vinha rasgado e havia grãos por toda a caixa.",
                "Quando chegou, a torra já tinha três semanas.",
            ),
            (
                "Lá acabou por chegar.",
                "Três dias de entrega, aceitável.",
                "Bem embalado, um dia mais tarde do que o prometido.",
            ),
            (
                "Chegou no dia seguinte, torrado na véspera!",
                "Muito bem embalado e a horas.",
                "O {bean} veio fresquíssimo, que cheirinho!",
            ),
        ),
        "support": (
            (
                "Já escrevi três vezes e ninguém responde.",
                "Andaram a passar-me de uma pessoa para outra.",
                "Mandaram-me uma resposta automática.",
                "Continuo à espera do reembolso.",
                "Estive {min} minutos ao telefone e a chamada caiu.",
            ),
            ("Responderam, mas ao fim de dois dias.", "Lá se resolveu.", "Simpáticos, mas lentos."),
            (
                "No chat responderam num minuto e resolveram.",
                "Muito atenciosos, devolveram logo o dinheiro.",
                "Enviaram outro sem complicações.",
            ),
        ),
        "general": (
            ("Já foi melhor.", "Vou pensar duas vezes antes de voltar.", "Caro para o que é.", "Que desilusão."),
            ("Nem bom nem mau.", "Há dias bons e dias menos bons.", "Cumpre."),
            (
                "O meu sítio preferido para começar o dia.",
                "Já recomendei a toda a gente.",
                "Continuem assim!",
                "Gente simpática e café a sério.",
            ),
        ),
    },
    replies=(
        "Obrigado por nos escrever. Pedimos desculpa, o valor já foi devolvido.",
        "Passámos o assunto à equipa e respondemos dentro de dois dias.",
        "Pode enviar-nos o número da encomenda, por favor?",
    ),
    notes=(
        "Onde está a minha encomenda?",
        "Cobrança indevida",
        "Pedido de reembolso",
        "Muito tempo de espera",
        "Dúvida sobre a app",
    ),
)
