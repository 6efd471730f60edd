namespace Pharos.Query.PromQL.Evaluation;

/// <summary>What an instant selector takes of a sample.</summary>
internal enum SelectedValue
{
    Sample,

    /// <summary>Its time in seconds.</summary>
    Timestamp,

    /// <summary>As <see cref="Timestamp"/>, of an info metric: a histogram ends the query.</summary>
    InfoTimestamp,

    /// <summary>The time its counter began at, in seconds; 0 where that is not known.</summary>
    StartTimestamp,
}
