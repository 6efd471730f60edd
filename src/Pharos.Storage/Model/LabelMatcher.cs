using Pharos.Storage.Text;

namespace Pharos.Storage.Model;

/// <summary>Decides on one label's value; a label that is not there has the empty value.</summary>
/// <remarks>Immutable and thread-safe. A regular expression is RE2's dialect, fully anchored; dot matches newline unless said otherwise.</remarks>
public sealed class LabelMatcher : IEquatable<LabelMatcher>
{
    private readonly GoRegex? _regex;

    /// <param name="dotMatchesNewline">False for Alertmanager's matchers.</param>
    /// <exception cref="GoRegexException">The value of a regex matcher is not a valid expression.</exception>
    public LabelMatcher(MatchType type, string name, string value, bool dotMatchesNewline = true)
    {
        Type = type;
        Name = name;
        Value = value;
        if (type is MatchType.Regex or MatchType.NotRegex)
        {
            _regex = dotMatchesNewline ? GoRegex.Anchored(value) : GoRegex.AnchoredByLine(value);
        }
    }

    public MatchType Type { get; }

    public string Name { get; }

    public string Value { get; }

    /// <summary>For a regex matcher whose expression can match only these strings, the strings; otherwise null.</summary>
    public IReadOnlyList<string>? Literals => _regex?.LiteralAlternatives;

    /// <summary>For a regex matcher: every text that its expression matches begins with this; often empty.</summary>
    public string LiteralPrefix => _regex?.LiteralPrefix ?? "";

    /// <summary>Whether a series without the label matches.</summary>
    public bool MatchesEmpty => Matches("");

    public bool Matches(string value) => Type switch
    {
        MatchType.Equal => string.Equals(value, Value, StringComparison.Ordinal),
        MatchType.NotEqual => !string.Equals(value, Value, StringComparison.Ordinal),
        MatchType.Regex => _regex!.IsMatch(value),
        _ => !_regex!.IsMatch(value),
    };

    public bool Equals(LabelMatcher? other) =>
        other is not null && Type == other.Type && Name == other.Name && Value == other.Value;

    public override bool Equals(object? obj) => Equals(obj as LabelMatcher);

    public override int GetHashCode() => HashCode.Combine(Type, Name, Value);

    public override string ToString()
    {
        var name = MetricNames.IsLegacyValidLabel(Name) ? Name : GoQuote.Quote(Name);
        return $"{name}{Symbol(Type)}{GoQuote.Quote(Value)}";
    }

    public static string Symbol(MatchType type) => type switch
    {
        MatchType.Equal => "=",
        MatchType.NotEqual => "!=",
        MatchType.Regex => "=~",
        _ => "!~",
    };
}
