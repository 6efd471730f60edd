using System.Runtime.CompilerServices;
using Pharos.Query.LogQL.Forms;
using Pharos.Storage.Model;
using Pharos.Storage.Text;
using MatchType = Pharos.Storage.Model.MatchType;

namespace Pharos.Query.LogQL.Syntax;

/// <summary>Reads selectors and the stages behind them.</summary>
internal sealed class LogStageParser(LogTokens tokens)
{
    private const string NeedsMatcher = "queries require at least one regexp or equality matcher that does not have an empty-compatible value. " +
        "For instance, app=~\".*\" does not meet this requirement, but app=~\".+\" will";

    /// <summary><c>{a="b", ...}</c>.</summary>
    /// <param name="mayBeEmpty">Whether it may match the empty text only, as a shipper's selector may.</param>
    public List<LabelMatcher> Selector(bool mayBeEmpty = false)
    {
        tokens.Expect("{");
        var matchers = new List<LabelMatcher>();
        while (!tokens.TryTake("}"))
        {
            if (matchers.Count > 0)
            {
                if (!tokens.TryTake(","))
                {
                    throw tokens.Unexpected("} or ,");
                }
            }
            var name = tokens.Peek.Kind == LogTokenKind.Identifier ? tokens.Take().Text
                : throw tokens.Unexpected(matchers.Count == 0 ? "IDENTIFIER or }" : "IDENTIFIER");
            matchers.Add(Matcher(name));
        }
        return mayBeEmpty || matchers.Exists(static matcher => !matcher.MatchesEmpty) ? matchers : throw new LogSyntaxFailure(NeedsMatcher);
    }

    /// <summary>Whether a stage stands next; <c>|</c> and the line filters begin one.</summary>
    public bool AtStage => tokens.Peek.Kind == LogTokenKind.Symbol && (tokens.Peek.Text == "|" || LineOperator(tokens.Peek.Text) is not null);

    /// <summary>Whether the stage that stands next is an unwrap.</summary>
    public bool AtUnwrap => tokens.Peek.Is("|") && tokens.PeekSecond.IsWord("unwrap");

    /// <summary>Stages up to an unwrap or to something else.</summary>
    public void Stages(List<LogStage> stages)
    {
        while (AtStage && !AtUnwrap)
        {
            stages.Add(Stage());
        }
    }

    public LogUnwrap Unwrap()
    {
        tokens.Expect("|");
        tokens.Take();
        var label = tokens.ExpectIdentifier();
        var conversion = LogConversion.None;
        if (tokens.TryTake("("))
        {
            conversion = label.ToLowerInvariant() switch
            {
                "bytes" => LogConversion.Bytes,
                "duration" or "duration_seconds" => LogConversion.Duration,
                _ => throw new LogSyntaxFailure($"unknown conversion {label}", tokens.Peek.Start),
            };
            label = tokens.ExpectIdentifier();
            tokens.Expect(")");
        }
        var filters = new List<LogStage.Filter>();
        while (tokens.Peek.Is("|"))
        {
            tokens.Take();
            filters.Add(new LogStage.Filter(Condition()));
        }
        return new LogUnwrap(label, conversion, filters);
    }

    private static LineFilterOperator? LineOperator(string symbol) => symbol switch
    {
        "|=" => LineFilterOperator.Contains,
        "!=" => LineFilterOperator.NotContains,
        "|~" => LineFilterOperator.Matches,
        "!~" => LineFilterOperator.NotMatches,
        "|>" => LineFilterOperator.HasPattern,
        "!>" => LineFilterOperator.HasNotPattern,
        _ => null,
    };

    private LogStage Stage()
    {
        var symbol = tokens.Take();
        if (LineOperator(symbol.Text) is { } op)
        {
            return LineFilter(op);
        }
        var word = tokens.Peek;
        // What a word of the language begins is a stage, unless it is compared like any label.
        var second = tokens.PeekSecond;
        if (word.Kind != LogTokenKind.Identifier || (second.Kind == LogTokenKind.Symbol && second.Text is "=" or "==" or "!=" or "=~" or "!~" or ">" or ">="
            or "<" or "<=" && !IsLineFilter(word, second)))
        {
            return new LogStage.Filter(Condition());
        }
        switch (word.Text.ToLowerInvariant())
        {
            case "json":
                tokens.Take();
                return Checked(new LogStage.Json(Extractions()), word.Start);
            case "logfmt":
                tokens.Take();
                var (strict, keepEmpty) = Flags();
                return Checked(new LogStage.Logfmt(strict, keepEmpty, Extractions()), word.Start);
            case "regexp":
                tokens.Take();
                return Checked(new LogStage.Regexp(tokens.ExpectString()), word.Start);
            case "pattern":
                tokens.Take();
                return Checked(new LogStage.Pattern(tokens.ExpectString()), word.Start);
            case "unpack":
                tokens.Take();
                return new LogStage.Unpack();
            case "decolorize":
                tokens.Take();
                return new LogStage.Decolorize();
            case "line_format":
                tokens.Take();
                return Checked(new LogStage.LineFormat(tokens.ExpectString()), word.Start);
            case "label_format":
                tokens.Take();
                return Checked(new LogStage.LabelFormat(Formats()), word.Start);
            case "drop":
                tokens.Take();
                return new LogStage.Drop(Selections());
            case "keep":
                tokens.Take();
                return new LogStage.Keep(Selections());
            default:
                return new LogStage.Filter(Condition());
        }
    }

    /// <summary><c>| json != "x"</c>: a line filter behind a parser, not a filter on a label of its name.</summary>
    private static bool IsLineFilter(LogToken word, LogToken second) => second.Text is "!=" or "!~"
        && word.Text.ToLowerInvariant() is "json" or "logfmt" or "unpack" or "decolorize";

    private LogStage.Line LineFilter(LineFilterOperator op)
    {
        var operands = new List<LogStage.LineOperand>();
        do
        {
            operands.Add(Operand(op));
        }
        while (tokens.TryTakeWord("or"));
        return new LogStage.Line(op, operands);
    }

    private LogStage.LineOperand Operand(LineFilterOperator op)
    {
        var at = tokens.Peek.Start;
        if (tokens.Peek.IsWord("ip") && tokens.PeekSecond.Is("("))
        {
            tokens.Take();
            tokens.Take();
            var address = tokens.ExpectString();
            tokens.Expect(")");
            return op is LineFilterOperator.Contains or LineFilterOperator.NotContains
                ? new LogStage.LineOperand(CheckedIp(address), IsIp: true)
                : throw new LogSyntaxFailure("ip: invalid match type", at);
        }
        var text = tokens.ExpectString();
        if (op is LineFilterOperator.Matches or LineFilterOperator.NotMatches)
        {
            Compile(text);
        }
        else if (op is LineFilterOperator.HasPattern or LineFilterOperator.HasNotPattern)
        {
            LinePattern.Check(text, namesAllowed: false);
        }
        return new LogStage.LineOperand(text, IsIp: false);
    }

    private LabelMatcher Matcher(string name)
    {
        var symbol = tokens.Peek;
        MatchType? type = symbol.Kind != LogTokenKind.Symbol ? null : symbol.Text switch
        {
            "=" => MatchType.Equal,
            "!=" => MatchType.NotEqual,
            "=~" => MatchType.Regex,
            "!~" => MatchType.NotRegex,
            _ => null,
        };
        if (type is not { } found)
        {
            throw tokens.Unexpected("=, =~, !~, or !=");
        }
        tokens.Take();
        return Matcher(found, name, tokens.ExpectString());
    }

    private static LabelMatcher Matcher(MatchType type, string name, string value)
    {
        try
        {
            return new LabelMatcher(type, name, value);
        }
        catch (GoRegexException problem)
        {
            throw new LogSyntaxFailure(problem.Message);
        }
    }

    private (bool Strict, bool KeepEmpty) Flags()
    {
        var (strict, keepEmpty) = (false, false);
        while (tokens.Peek.Kind == LogTokenKind.Flag)
        {
            var isStrict = tokens.Take().Text == "--strict";
            strict |= isStrict;
            keepEmpty |= !isStrict;
        }
        return (strict, keepEmpty);
    }

    private List<LogStage.Extraction> Extractions()
    {
        var found = new List<LogStage.Extraction>();
        if (tokens.Peek.Kind != LogTokenKind.Identifier)
        {
            return found;
        }
        do
        {
            var label = tokens.ExpectIdentifier();
            found.Add(new LogStage.Extraction(label, tokens.TryTake("=") ? tokens.ExpectString() : label));
        }
        while (tokens.TryTake(","));
        return found;
    }

    private List<LogStage.Formatting> Formats()
    {
        var formats = new List<LogStage.Formatting>();
        do
        {
            var label = tokens.ExpectIdentifier();
            tokens.Expect("=");
            var isRename = tokens.Peek.Kind == LogTokenKind.Identifier;
            if (!isRename && tokens.Peek.Kind != LogTokenKind.String)
            {
                throw tokens.Unexpected("IDENTIFIER or STRING");
            }
            formats.Add(new LogStage.Formatting(label, tokens.Take().Text, isRename));
        }
        while (tokens.TryTake(","));
        return formats;
    }

    private List<LogStage.Selection> Selections()
    {
        var selected = new List<LogStage.Selection>();
        do
        {
            var name = tokens.ExpectIdentifier();
            var matched = tokens.Peek.Kind == LogTokenKind.Symbol && tokens.Peek.Text is "=" or "!=" or "=~" or "!~";
            selected.Add(new LogStage.Selection(name, matched ? Matcher(name) : null));
        }
        while (tokens.TryTake(","));
        return selected;
    }

    private LabelFilter Condition()
    {
        RuntimeHelpers.EnsureSufficientExecutionStack();
        var parts = new List<LabelFilter> { Conjunction() };
        while (tokens.TryTakeWord("or"))
        {
            parts.Add(Conjunction());
        }
        return parts.Count == 1 ? parts[0] : new LabelFilter.Any(parts);
    }

    private LabelFilter Conjunction()
    {
        var parts = new List<LabelFilter> { Comparison() };
        while (tokens.TryTakeWord("and") || tokens.TryTake(",")
            || tokens.Peek.Is("(") || (tokens.Peek.Kind == LogTokenKind.Identifier && !tokens.Peek.IsWord("or") && !tokens.Peek.IsWord("offset")))
        {
            parts.Add(Comparison());
        }
        return parts.Count == 1 ? parts[0] : new LabelFilter.All(parts);
    }

    private LabelFilter Comparison()
    {
        if (tokens.TryTake("("))
        {
            var inner = Condition();
            tokens.Expect(")");
            return inner;
        }
        var name = tokens.ExpectIdentifier();
        var symbol = tokens.Peek;
        Comparison? comparison = symbol.Kind != LogTokenKind.Symbol ? null : symbol.Text switch
        {
            "=" or "==" => Syntax.Comparison.Equal,
            "!=" => Syntax.Comparison.NotEqual,
            ">" => Syntax.Comparison.Greater,
            ">=" => Syntax.Comparison.GreaterOrEqual,
            "<" => Syntax.Comparison.Less,
            "<=" => Syntax.Comparison.LessOrEqual,
            _ => null,
        };
        if (comparison is not { } compared)
        {
            return new LabelFilter.Text(Matcher(name));
        }
        if (symbol.Text is "=" or "!=" && tokens.PeekSecond.Kind == LogTokenKind.String)
        {
            return new LabelFilter.Text(Matcher(name));
        }
        tokens.Take();
        if (tokens.Peek.IsWord("ip") && symbol.Text is "=" or "!=")
        {
            tokens.Take();
            tokens.Expect("(");
            var address = CheckedIp(tokens.ExpectString());
            tokens.Expect(")");
            return new LabelFilter.Ip(name, symbol.Text == "!=", address);
        }
        return Value(name, compared);
    }

    private LabelFilter Value(string name, Comparison comparison)
    {
        var negative = tokens.TryTake("-");
        if (!negative)
        {
            tokens.TryTake("+");
        }
        var token = tokens.Peek;
        switch (token.Kind)
        {
            case LogTokenKind.Number when LogLiteral.TryNumber(token.Text, out var number):
                tokens.Take();
                return new LabelFilter.Number(name, comparison, negative ? -number : number);
            case LogTokenKind.Duration when LogLiteral.TryDuration(token.Text, out var ns):
                tokens.Take();
                return new LabelFilter.Duration(name, comparison, negative ? -ns : ns);
            case LogTokenKind.Bytes when !negative && LogLiteral.TryBytes(token.Text, out var bytes):
                tokens.Take();
                return new LabelFilter.Bytes(name, comparison, bytes);
            default:
                throw tokens.Unexpected("BYTES or NUMBER or DURATION");
        }
    }

    private static string CheckedIp(string pattern) => IpRange.TryParse(pattern, out _) ? pattern
        : throw new LogSyntaxFailure($"ip: error parsing pattern: {GoQuote.Quote(pattern)}");

    private static void Compile(string pattern)
    {
        try
        {
            GoRegex.Unanchored(pattern);
        }
        catch (GoRegexException problem)
        {
            throw new LogSyntaxFailure(problem.Message);
        }
    }

    /// <summary>Refuses what can be seen to be wrong before any line is read.</summary>
    private static LogStage Checked(LogStage stage, int at)
    {
        if (StageCheck.Fault(stage) is { } fault)
        {
            throw new LogSyntaxFailure($"stage '{stage}' : {fault}", at);
        }
        return stage;
    }
}
