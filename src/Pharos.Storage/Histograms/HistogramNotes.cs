namespace Pharos.Storage.Histograms;

/// <summary>What an addition or subtraction of histograms has to tell besides its result.</summary>
[Flags]
public enum HistogramNotes
{
    None = 0,

    /// <summary>One said that its counter was reset, the other that it was not: of the result nothing is known.</summary>
    ResetConflict = 1,

    /// <summary>The custom bounds differed; the result has those that both had.</summary>
    BoundsReconciled = 2,

    /// <summary>One is exponential and the other has custom bounds: there is no result.</summary>
    Incompatible = 4,
}
