namespace Pharos.Collection.Exposition;

/// <summary>What <see cref="ExpositionParser.Next"/> found. Comments and blank lines are passed over.</summary>
public enum ExpositionEntry
{
    /// <summary>The body was read to its end without a fault.</summary>
    End,

    Type,

    Help,

    Unit,

    Series,

    /// <summary>The body is malformed; nothing after this point can be read.</summary>
    Fault,
}
