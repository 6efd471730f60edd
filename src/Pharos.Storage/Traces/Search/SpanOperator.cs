namespace Pharos.Storage.Traces.Search;

/// <summary>How a condition compares. Values of different kinds are neither equal nor ordered; integers and doubles are one kind.
/// An attribute that is a list satisfies all of them but <see cref="TextEqual"/>: whoever asks looks into it himself.</summary>
public enum SpanOperator : byte
{
    Exists,
    Equal,

    /// <summary>Equal as text, of whatever kind the stored value is.</summary>
    TextEqual,

    /// <summary>There is such an attribute and its value is of the same kind and another.</summary>
    NotEqual,
    Less,
    LessOrEqual,
    Greater,
    GreaterOrEqual,

    /// <summary>The whole text matches <see cref="SpanCondition.Pattern"/>.</summary>
    Matches,

    /// <summary>It is a text and does not match.</summary>
    NotMatches,
}
