using Pharos.Storage.Model;

namespace Pharos.Collection.Scraping;

/// <summary>What became of one discovered target: a target, a fault, or neither where relabeling dropped it.</summary>
internal sealed record TargetBuild(LabelSet Discovered, ScrapeTarget? Target, string? Fault);
