namespace Pharos.Collection.Shipping.Targets;

/// <summary><c>journal</c>: follows systemd's journal through journalctl.</summary>
public sealed record JournalSourceOptions : SourceOptions
{
    public override string Kind => "journal";

    /// <summary>Older entries are left out where there is no position yet.</summary>
    public TimeSpan MaxAge { get; init; } = TimeSpan.FromHours(7);

    /// <summary>The journal's folder; empty for the machine's own.</summary>
    public string Path { get; init; } = "";

    /// <summary>Matches such as <c>_TRANSPORT=kernel</c>; empty for everything.</summary>
    public string Matches { get; init; } = "";

    /// <summary>The line is every field as JSON instead of the message.</summary>
    public bool AsJson { get; init; }
}
