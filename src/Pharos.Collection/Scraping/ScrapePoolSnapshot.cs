using Pharos.Storage.Model;

namespace Pharos.Collection.Scraping;

/// <summary>One job's targets.</summary>
/// <param name="Dropped">Discovered labels of targets that relabeling dropped, as many as the job keeps.</param>
/// <param name="DroppedCount">All dropped ones.</param>
public sealed record ScrapePoolSnapshot(
    string JobName, IReadOnlyList<TargetSnapshot> Active, IReadOnlyList<LabelSet> Dropped, int DroppedCount);
