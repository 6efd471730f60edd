using Pharos.Storage.Histograms;
using Pharos.Storage.Model;

namespace Pharos.Collection.RemoteStorage.Writing;

/// <summary>What waits to be sent: a number, a native histogram or an exemplar of one series.</summary>
/// <param name="Labels">Of the series, external labels and relabeling already applied.</param>
/// <param name="Histogram">Null for a number and for an exemplar.</param>
/// <param name="ExemplarLabels">Null for what is no exemplar.</param>
/// <param name="Ticket">The commit that it came with.</param>
internal readonly record struct PendingItem(
    LabelSet Labels, long TimestampMs, double Value, NativeHistogram? Histogram, long StartTimeMs, LabelSet? ExemplarLabels,
    CommitTicket Ticket)
{
    public PendingKind Kind => ExemplarLabels is not null ? PendingKind.Exemplar
        : Histogram is not null ? PendingKind.Histogram : PendingKind.Sample;
}
