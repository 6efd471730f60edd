namespace Pharos.Collection.Shipping.Stages.Jmes;

/// <summary>Reads expressions by precedence climbing.</summary>
internal sealed class JmesParser
{
    /// <summary>How deep parentheses and the like may nest.</summary>
    private const int MaxDepth = 200;

    // Powers below this end the right side of a projection.
    private const int ProjectionStop = 10;

    private static readonly JmesNode Here = new JmesNode.Current();

    private readonly List<JmesToken> _tokens;
    private int _at;
    private int _depth;

    private JmesParser(string text) => _tokens = JmesLexer.Read(text);

    private JmesToken Next => _tokens[_at];

    /// <exception cref="JmesException">The text is no expression.</exception>
    public static JmesNode Parse(string text)
    {
        var parser = new JmesParser(text);
        var node = parser.Expression(0);
        return parser.Next.Kind == JmesTokenKind.End ? node : throw parser.Unexpected();
    }

    private static int Power(JmesToken token) => token.Kind != JmesTokenKind.Symbol ? 0 : token.Text switch
    {
        "|" => 1,
        "||" => 2,
        "&&" => 3,
        "==" or "!=" or "<" or "<=" or ">" or ">=" => 5,
        "[]" => 9,
        "*" => 20,
        "[?" => 21,
        "." => 40,
        "!" => 45,
        "{" => 50,
        "[" => 55,
        "(" => 60,
        _ => 0,
    };

    private JmesNode Expression(int power)
    {
        if (++_depth > MaxDepth)
        {
            throw new JmesException("SyntaxError: the expression nests too deep");
        }
        var left = Start();
        while (power < Power(Next))
        {
            left = Go(left);
        }
        _depth--;
        return left;
    }

    private JmesToken Take() => _tokens[_at++];

    private JmesNode Start()
    {
        var token = Take();
        switch (token.Kind)
        {
            case JmesTokenKind.Literal:
                return new JmesNode.Literal(token.Value);
            case JmesTokenKind.Name:
                return Next.Is("(") ? Call(token.Text) : new JmesNode.Field(token.Text);
            case JmesTokenKind.Quoted:
                return Next.Is("(") ? throw Unexpected() : new JmesNode.Field(token.Text);
            case JmesTokenKind.Symbol:
                return StartSymbol(token);
            default:
                _at--;
                throw Unexpected();
        }
    }

    private JmesNode StartSymbol(JmesToken token)
    {
        switch (token.Text)
        {
            case "@":
                return Here;
            case "*":
                return new JmesNode.ValueProjection(Here, Next.Is("]") ? Here : Right(20));
            case "[]":
                return new JmesNode.FlattenProjection(Here, Right(9));
            case "[?":
                return Filter(Here);
            case "[":
                return IsIndex() ? Bracket(Here) : StarBracket(Here) ?? MultiList();
            case "{":
                return MultiHash();
            case "&":
                return new JmesNode.Reference(Expression(0));
            case "!":
                return new JmesNode.Not(Expression(45));
            case "(":
                var inside = Expression(0);
                Expect(")");
                return inside;
            default:
                _at--;
                throw Unexpected();
        }
    }

    private JmesNode Go(JmesNode left)
    {
        var token = Take();
        switch (token.Text)
        {
            case ".":
                if (Next.Is("*"))
                {
                    Take();
                    return new JmesNode.ValueProjection(left, Right(20));
                }
                return new JmesNode.Then(left, AfterDot(40));
            case "|":
                return new JmesNode.Then(left, Expression(1));
            case "||":
                return new JmesNode.Or(left, Expression(2));
            case "&&":
                return new JmesNode.And(left, Expression(3));
            case "==" or "!=" or "<" or "<=" or ">" or ">=":
                return new JmesNode.Compare(token.Text, left, Expression(5));
            case "[]":
                return new JmesNode.FlattenProjection(left, Right(9));
            case "[?":
                return Filter(left);
            case "[" when IsIndex():
                return Bracket(left);
            case "[":
                return StarBracket(left) ?? throw Unexpected();
            default:
                _at--;
                throw Unexpected();
        }
    }

    private bool IsIndex() => Next.Kind == JmesTokenKind.Number || Next.Is(":");

    /// <summary>Behind <c>[</c>: <c>0]</c>, or <c>1:5:2]</c> with what is projected over it.</summary>
    private JmesNode Bracket(JmesNode left)
    {
        Span<int?> parts = [null, null, null];
        var part = 0;
        while (!Next.Is("]"))
        {
            if (Next.Is(":"))
            {
                Take();
                if (++part > 2)
                {
                    throw Unexpected();
                }
            }
            else if (Next.Kind == JmesTokenKind.Number && parts[part] is null)
            {
                parts[part] = (int)Take().Value!;
            }
            else
            {
                throw Unexpected();
            }
        }
        Take();
        if (part == 0)
        {
            return new JmesNode.Index(left, parts[0]!.Value);
        }
        if (parts[2] == 0)
        {
            throw new JmesException("SyntaxError: a slice's step cannot be 0");
        }
        return new JmesNode.Slice(left, parts[0], parts[1], parts[2] ?? 1, Right(20));
    }

    private JmesNode? StarBracket(JmesNode left)
    {
        if (!Next.Is("*") || !_tokens[_at + 1].Is("]"))
        {
            return null;
        }
        _at += 2;
        return new JmesNode.ListProjection(left, Right(20));
    }

    private JmesNode.FilterProjection Filter(JmesNode left)
    {
        var condition = Expression(0);
        Expect("]");
        return new JmesNode.FilterProjection(left, condition, Next.Is("[]") ? Here : Right(21));
    }

    /// <summary>The right side of a projection: what stands behind it and binds tighter than it ends.</summary>
    private JmesNode Right(int power)
    {
        if (Power(Next) < ProjectionStop)
        {
            return Here;
        }
        if (Next.Is("[") || Next.Is("[?"))
        {
            return AtBracket(power);
        }
        if (Next.Is("."))
        {
            Take();
            return AfterDot(power);
        }
        throw Unexpected();
    }

    /// <summary>An expression that begins at a bracket on the current value.</summary>
    private JmesNode AtBracket(int power)
    {
        JmesNode left = Here;
        while (power < Power(Next))
        {
            left = Go(left);
        }
        return left;
    }

    private JmesNode AfterDot(int power)
    {
        if (Next.Kind is JmesTokenKind.Name or JmesTokenKind.Quoted || Next.Is("*"))
        {
            return Expression(power);
        }
        var opening = Take();
        if (opening.Is("["))
        {
            return MultiList();
        }
        if (opening.Is("{"))
        {
            return MultiHash();
        }
        _at--;
        throw Unexpected();
    }

    private JmesNode.MultiList MultiList()
    {
        var items = new List<JmesNode>();
        do
        {
            items.Add(Expression(0));
        }
        while (TakeComma());
        Expect("]");
        return new JmesNode.MultiList(items);
    }

    private JmesNode.MultiHash MultiHash()
    {
        var members = new List<KeyValuePair<string, JmesNode>>();
        do
        {
            var key = Take();
            if (key.Kind is not (JmesTokenKind.Name or JmesTokenKind.Quoted))
            {
                _at--;
                throw Unexpected();
            }
            Expect(":");
            members.Add(new(key.Text, Expression(0)));
        }
        while (TakeComma());
        Expect("}");
        return new JmesNode.MultiHash(members);
    }

    private JmesNode.Call Call(string name)
    {
        Take();
        var arguments = new List<JmesNode>();
        if (!Next.Is(")"))
        {
            do
            {
                arguments.Add(Expression(0));
            }
            while (TakeComma());
        }
        Expect(")");
        return JmesFunctions.Check(new JmesNode.Call(name, arguments));
    }

    private bool TakeComma()
    {
        if (!Next.Is(","))
        {
            return false;
        }
        Take();
        return true;
    }

    private void Expect(string symbol)
    {
        if (!Next.Is(symbol))
        {
            throw Unexpected();
        }
        Take();
    }

    private JmesException Unexpected() => new($"SyntaxError: {Next.Text} is not expected at {Next.At}");
}
