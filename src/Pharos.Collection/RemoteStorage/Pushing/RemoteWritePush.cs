using Pharos.Collection.RemoteStorage.Wire;
using Pharos.Collection.RemoteStorage.Writing;
using Pharos.Storage.Model;
using Snappier;

namespace Pharos.Collection.RemoteStorage.Pushing;

/// <summary>Sends samples to a remote-write endpoint once, for tools.</summary>
public static class RemoteWritePush
{
    /// <returns>Null where the endpoint took everything, otherwise why it did not.</returns>
    public static async Task<string?> SendAsync(RemoteWriteOptions options, string userAgent, IReadOnlyList<PushedSample> samples,
        IReadOnlyDictionary<string, MetricMetadata> families, TimeProvider time, CancellationToken cancellation)
    {
        using var client = new RemoteWriteClient(options, userAgent, time);
        var ticket = new CommitTicket(default, mayRepeat: false);
        var items = samples.Select(sample =>
            new PendingItem(sample.Labels, sample.TimestampMs, sample.Value, null, 0, null, ticket)).ToList();
        var writer = new ProtobufWriter();
        if (options.Message is RemoteWriteMessage.V2)
        {
            new WriteRequestV2().Write(writer, items, families);
        }
        else
        {
            WriteRequestV1.Write(writer, items);
            WriteRequestV1.Write(writer, families);
        }
        var result = await client.SendAsync(Snappy.CompressToArray(writer.Written), items.Count, 0, cancellation).ConfigureAwait(false);
        return result.Verdict is SendVerdict.Sent ? null : result.Reason;
    }
}
