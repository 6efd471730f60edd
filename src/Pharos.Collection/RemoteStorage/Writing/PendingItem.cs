using Pharos.Storage.Histograms;
using Pharos.Storage.Model;

namespace Pharos.Collection.RemoteStorage.Writing;

/// <summary>What waits to be sent: a number, a native histogram or an exemplar of one series.</summary>
/// <param name="Labels">Of the series, external labels and relabeling already applied.</param>
/// <param name="Histogram">Null for a number and for an exemplar.</param>
/// <param name="ExemplarLabels">Null for what is no exemplar.</param>
/// <param name="Ticket">The commit that it came with.</param>
/// <param name="IsFollowed">The shard's next item is an exemplar that goes in the same request: a receiver of version 2 takes no
/// exemplar without a sample of its series.</param>
internal readonly record struct PendingItem(
    LabelSet Labels, long TimestampMs, double Value, NativeHistogram? Histogram, long StartTimeMs, LabelSet? ExemplarLabels,
    CommitTicket Ticket, bool IsFollowed = false)
{
    public PendingKind Kind => ExemplarLabels is not null ? PendingKind.Exemplar
        : Histogram is not null ? PendingKind.Histogram : PendingKind.Sample;
}
