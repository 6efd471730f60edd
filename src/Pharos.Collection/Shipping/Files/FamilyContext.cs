using Pharos.Collection.Shipping.Stages;
using Pharos.Storage.Model;

namespace Pharos.Collection.Shipping.Files;

/// <summary>What the files of one path are shipped with.</summary>
/// <param name="Path">The live file.</param>
/// <param name="Key">The path, or the path and a number where several targets of a job have it.</param>
/// <param name="Labels">Of every entry, <c>filename</c> included.</param>
/// <param name="IsTarget">Whether a path is a target of its own.</param>
internal sealed record FamilyContext(
    ShipContext Ship, ShipJobOptions Job, IShipSink Sink, TailLedger Ledger, string Path, string Key, LabelSet Labels, Func<string, bool> IsTarget)
{
    /// <summary>When the path was looked for and not there, so that what is younger beside it was rotated from it; null where it was there first.</summary>
    public DateTimeOffset? AbsentAt { get; init; }

    /// <summary>Whether the path is what rotation makes of another target that is shipped: files that come to it now are that one's.</summary>
    public Func<bool> IsRotated { get; init; } = static () => false;

    public long NowS => Ship.Time.GetUtcNow().ToUnixTimeSeconds();

    public StagePipeline Pipeline(IEntryOutput output) => new(Job.Stages, Ship.StagesOf(Job.JobName), output);
}
