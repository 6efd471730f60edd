namespace Pharos.Collection.Exposition.Diagnosis;

/// <summary>What may stand at a place of a text body.</summary>
internal enum LineState
{
    /// <summary>A line begins.</summary>
    Start,

    /// <summary>Behind <c># </c>.</summary>
    Comment,

    /// <summary>Behind <c>HELP</c>, <c>TYPE</c> or <c>UNIT</c>: the family's name.</summary>
    Family,

    /// <summary>Behind the family's name: the rest of the line.</summary>
    Text,

    Labels,

    LabelValue,

    /// <summary>Behind a series.</summary>
    Value,

    /// <summary>Behind a value.</summary>
    Timestamp,

    /// <summary>Between the braces of an exemplar.</summary>
    ExemplarLabels,

    /// <summary>Behind an equals sign in an exemplar's braces, or behind the closing one.</summary>
    ExemplarValue,

    ExemplarTimestamp,
}
