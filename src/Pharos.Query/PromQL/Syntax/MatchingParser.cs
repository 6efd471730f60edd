using Pharos.Storage.Text;

namespace Pharos.Query.PromQL.Syntax;

/// <summary>What may stand after a binary operator, and the label lists that aggregations share with it.</summary>
internal sealed class MatchingParser(TokenStream tokens)
{
    private const string Context = "grouping opts";

    /// <summary><c>bool</c>, <c>on</c> or <c>ignoring</c>, <c>group_left</c> or <c>group_right</c>, fills.</summary>
    public (bool ReturnBool, VectorMatching Matching) Modifiers()
    {
        var returnBool = tokens.TryTakeKeyword("bool");
        var matching = new VectorMatching();
        var on = tokens.TryTakeKeyword("on");
        if (on || tokens.TryTakeKeyword("ignoring"))
        {
            matching = Group(matching with { On = on, Labels = Labels() });
        }
        return (returnBool, Fills(matching));
    }

    /// <summary><c>by (...)</c> or <c>without (...)</c>; null where neither stands.</summary>
    public (IReadOnlyList<string> Labels, bool Without)? Grouping()
    {
        var without = tokens.TryTakeKeyword("without");
        return without || tokens.TryTakeKeyword("by") ? (Labels(), without) : null;
    }

    private VectorMatching Group(VectorMatching matching)
    {
        var left = tokens.TryTakeKeyword("group_left");
        if (!left && !tokens.TryTakeKeyword("group_right"))
        {
            return matching;
        }
        return matching with
        {
            Cardinality = left ? MatchCardinality.ManyToOne : MatchCardinality.OneToMany,
            Include = MayHaveLabels() ? Labels() : [],
        };
    }

    /// <summary>Whether labels follow <c>group_left</c>, or are wanted because nothing else can.</summary>
    private bool MayHaveLabels() => tokens.Peek.Kind == TokenKind.LeftParen
        || !(Keywords.MayStartExpression(tokens.Peek) || Keywords.NeedsParenthesis(tokens.Peek.Text));

    private VectorMatching Fills(VectorMatching matching)
    {
        if (tokens.TryTakeKeyword("fill"))
        {
            var value = FillValue();
            return matching with { FillLeft = value, FillRight = value };
        }
        if (tokens.TryTakeKeyword("fill_left"))
        {
            matching = matching with { FillLeft = FillValue() };
            return tokens.TryTakeKeyword("fill_right") ? matching with { FillRight = FillValue() } : matching;
        }
        if (tokens.TryTakeKeyword("fill_right"))
        {
            matching = matching with { FillRight = FillValue() };
            return tokens.TryTakeKeyword("fill_left") ? matching with { FillLeft = FillValue() } : matching;
        }
        return matching;
    }

    private double FillValue()
    {
        // The words are keywords only where a parenthesis follows.
        tokens.Take();
        var negative = false;
        if (tokens.Peek.Kind == TokenKind.Operator && tokens.Peek.Text is ("+" or "-"))
        {
            negative = tokens.Take().Text == "-";
        }
        if (tokens.Peek.Kind is not (TokenKind.Number or TokenKind.Duration))
        {
            throw tokens.Unexpected();
        }
        var value = NumberScanner.Value(tokens.Take());
        return !tokens.TryTake(TokenKind.RightParen) ? throw tokens.Unexpected() : negative ? -value : value;
    }

    private List<string> Labels()
    {
        tokens.Expect(TokenKind.LeftParen, Context, "\"(\"");
        var labels = new List<string>();
        while (!tokens.TryTake(TokenKind.RightParen))
        {
            labels.Add(LabelName());
            if (!tokens.TryTake(TokenKind.Comma) && tokens.Peek.Kind != TokenKind.RightParen)
            {
                throw tokens.Unexpected(Context, "\",\" or \")\"");
            }
        }
        return labels;
    }

    private string LabelName()
    {
        var token = tokens.Peek;
        if (token.Kind == TokenKind.String)
        {
            tokens.Take();
            return GoQuote.TryUnquote(token.Text, out var text) && text.Length > 0 && GoQuote.IsUtf8(text) ? text
                : throw TokenStream.Fail($"invalid label name for grouping: {GoQuote.Quote(text)}", token.Position);
        }
        if (!Keywords.MayNameLabel(token))
        {
            throw tokens.Unexpected(Context, "label");
        }
        tokens.Take();
        return token.Text;
    }
}
