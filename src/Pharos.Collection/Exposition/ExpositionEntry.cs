namespace Pharos.Collection.Exposition;

/// <summary>What <see cref="IExpositionParser.Next"/> found. Comments and blank lines are passed over.</summary>
public enum ExpositionEntry
{
    /// <summary>The body was read to its end without a fault.</summary>
    End,

    Type,

    Help,

    Unit,

    /// <summary>A sample that is a number.</summary>
    Series,

    /// <summary>A sample that is a native histogram.</summary>
    Histogram,

    /// <summary>The body is malformed; nothing after this point can be read.</summary>
    Fault,
}
