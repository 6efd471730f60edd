using Pharos.Storage.Model;
using Pharos.Storage.Text;
using MatchType = Pharos.Storage.Model.MatchType;

namespace Pharos.Query.PromQL.Syntax;

/// <summary>Selectors: a name, matchers in braces, or both.</summary>
internal sealed class SelectorParser(TokenStream tokens)
{
    private const string Context = "label matching";

    public VectorSelector Selector()
    {
        var start = tokens.Peek.Start;
        var name = Keywords.MayNameMetric(tokens.Peek) ? tokens.Take().Text : "";
        var matchers = new List<LabelMatcher>();
        if (tokens.Peek.Kind == TokenKind.LeftBrace)
        {
            Braces(matchers);
        }
        else if (name.Length == 0)
        {
            throw tokens.Unexpected();
        }
        if (name.Length > 0)
        {
            matchers.Add(new LabelMatcher(MatchType.Equal, Label.MetricName, name));
        }
        return new VectorSelector
        {
            Name = name,
            Matchers = matchers,
            Position = new PositionRange(start, tokens.LastEnd),
        };
    }

    private void Braces(List<LabelMatcher> matchers)
    {
        tokens.Take();
        while (tokens.Peek.Kind != TokenKind.RightBrace)
        {
            Matcher(matchers);
            if (tokens.TryTake(TokenKind.Comma))
            {
                continue;
            }
            if (tokens.Peek.Kind != TokenKind.RightBrace)
            {
                throw tokens.Unexpected(Context, "\",\" or \"}\"");
            }
        }
        tokens.Take();
    }

    private void Matcher(List<LabelMatcher> matchers)
    {
        var label = tokens.Peek;
        if (label.Kind is not (TokenKind.Identifier or TokenKind.String))
        {
            throw tokens.Unexpected(Context, "identifier or \"}\"");
        }
        tokens.Take();
        var name = label.Kind == TokenKind.String ? Unquote(label) : label.Text;
        MatchType? type = tokens.Peek switch
        {
            { Kind: TokenKind.Assign } => MatchType.Equal,
            { Kind: TokenKind.RegexEqual } => MatchType.Regex,
            { Kind: TokenKind.RegexNotEqual } => MatchType.NotRegex,
            { Kind: TokenKind.Operator, Text: "!=" } => MatchType.NotEqual,
            _ => null,
        };
        if (type is null && label.Kind == TokenKind.String)
        {
            matchers.Add(new LabelMatcher(MatchType.Equal, Storage.Model.Label.MetricName, name));
            return;
        }
        if (type is null)
        {
            throw tokens.Unexpected(Context, "label matching operator");
        }
        tokens.Take();
        var value = tokens.Expect(TokenKind.String, Context, "string");
        try
        {
            matchers.Add(new LabelMatcher(type.Value, name, Unquote(value)));
        }
        catch (GoRegexException bad)
        {
            throw TokenStream.Fail(bad.Message, new PositionRange(label.Start, value.End));
        }
    }

    private static string Unquote(Token token) => GoQuote.TryUnquote(token.Text, out var text) ? text
        : throw TokenStream.Fail($"error unquoting string {GoQuote.Quote(token.Text)}: invalid syntax", token.Position);
}
