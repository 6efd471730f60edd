namespace Pharos.Query.PromQL.Syntax;

/// <summary>How a range (or an instant selector) treats its bounds.</summary>
public enum RangeExtension
{
    None,

    /// <summary>The last real sample before the range stands at its start.</summary>
    Anchored,

    /// <summary>Values at the bounds are interpolated between the neighbours.</summary>
    Smoothed,
}
