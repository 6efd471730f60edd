using Microsoft.Extensions.Logging;
using Pharos.Collection.Receivers.Loki.Intake;
using Pharos.Collection.Shipping.Clients;
using Pharos.Collection.Shipping.Stages;
using Pharos.Storage.Model;

namespace Pharos.Collection.Shipping;

/// <summary>Puts entries into this server's own store, together with the marks of their source: in one step both or none.</summary>
internal sealed class StoreSink(LokiIntake intake, ShipClientOptions client, ShipMetrics metrics, TimeProvider time, ILogger logger) : IShipSink
{
    /// <summary>Loki's name for the only tenant of a server without tenants.</summary>
    private const string DefaultTenant = "fake";

    private static readonly TimeSpan RetryWait = TimeSpan.FromSeconds(1);

    private const string Host = "this server";

    private readonly KeyValuePair<string, object?> _host = new("host", Host);
    private bool _complained;

    public string Name => client.Name;

    public IReadOnlyDictionary<string, string> Marks() => intake.Store.Marks();

    public async ValueTask DeliverAsync(ShipBatch batch, CancellationToken cancellation)
    {
        var delivered = 0;
        while (!TryDeliver(batch, ref delivered))
        {
            metrics.Retries.Add(1, _host);
            await Task.Delay(RetryWait, time, cancellation).ConfigureAwait(false);
        }
    }

    /// <summary>Goes through the entries by runs of one tenant; the last run has the marks with it.</summary>
    /// <param name="delivered">Entries that are stored already.</param>
    private bool TryDeliver(ShipBatch batch, ref int delivered)
    {
        try
        {
            do
            {
                var tenant = delivered < batch.Entries.Count ? TenantOf(batch.Entries[delivered]) : TenantOf(null);
                var end = delivered;
                while (end < batch.Entries.Count && TenantOf(batch.Entries[end]) == tenant)
                {
                    end++;
                }
                if (!TryStore(batch, delivered, end, tenant))
                {
                    return false;
                }
                delivered = end;
            }
            while (delivered < batch.Entries.Count);
            _complained = false;
            return true;
        }
        catch (IOException e)
        {
            Complain(e.Message);
            return false;
        }
    }

    private bool TryStore(ShipBatch batch, int start, int end, string tenant)
    {
        using var session = intake.BeginShipping(tenant);
        LabelSet? stream = null;
        for (var i = start; i < end; i++)
        {
            var entry = batch.Entries[i];
            var labels = ShipLabels.Of(entry, client.ExternalLabels);
            if (labels != stream)
            {
                session.BeginStream([.. labels]);
                stream = labels;
            }
            session.BeginEntry(entry.TimeNs, entry.Utf8Line().Span);
            foreach (var (name, value) in entry.Metadata)
            {
                session.Metadata(System.Text.Encoding.UTF8.GetBytes(name), System.Text.Encoding.UTF8.GetBytes(value));
            }
            session.EndEntry();
        }
        if (end == batch.Entries.Count)
        {
            foreach (var (key, value) in batch.Marks)
            {
                session.Batch.Mark(key, value);
            }
        }
        var outcome = session.Commit();
        if (session.Batch.IsEmpty && outcome.Refused == end - start && outcome.Refused > 0)
        {
            // The tenant is blocked: nothing of the batch, nor its marks, was stored.
            Complain(outcome.Message);
            return false;
        }
        metrics.SentEntries.Add(outcome.Stored, _host);
        if (outcome.Stored > 0)
        {
            metrics.Sent(Host, client.Name, batch.Entries[end - 1], time.GetUtcNow());
        }
        if (outcome.Refused > 0)
        {
            metrics.DroppedEntries.Add(outcome.Refused, _host, new KeyValuePair<string, object?>("reason", "ingester_error"));
        }
        return true;
    }

    private string TenantOf(ShippedEntry? entry) =>
        intake.HasTenants() ? entry?.Tenant ?? (client.TenantId.Length > 0 ? client.TenantId : DefaultTenant) : DefaultTenant;

    private void Complain(string reason)
    {
        if (!_complained)
        {
            _complained = true;
            logger.LogError("Lines cannot be stored and wait where they are: {Reason}", reason);
        }
    }
}
