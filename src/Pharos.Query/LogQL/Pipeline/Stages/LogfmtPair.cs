namespace Pharos.Query.LogQL.Pipeline.Stages;

internal ref struct LogfmtPair
{
    public ReadOnlySpan<byte> Key { get; set; }

    /// <summary>Without its quotes; empty where there is none.</summary>
    public ReadOnlySpan<byte> Value { get; set; }

    public bool IsEscaped { get; set; }

    /// <summary>Why it is no pair, or null.</summary>
    public string? Fault { get; set; }

    /// <summary>Where in the line, bytes.</summary>
    public int FaultAt { get; set; }
}
