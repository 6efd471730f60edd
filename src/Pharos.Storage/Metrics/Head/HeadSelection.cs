using Pharos.Storage.Model;

namespace Pharos.Storage.Metrics.Head;

/// <summary>The series that the head's index named for some matchers, sorted by their labels.</summary>
/// <param name="Version">The index' version at that time: as long as it has this one the answer is the same.</param>
/// <param name="Series">Some may have left the head since.</param>
/// <param name="Labels">Of each of them.</param>
internal sealed record HeadSelection(long Version, HeadSeries[] Series, LabelSet[] Labels);
