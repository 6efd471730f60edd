using System.Collections.Concurrent;
using Pharos.Collection.Hashing;
using Pharos.Storage.Traces.Batches;

namespace Pharos.Collection.Receivers.Traces;

/// <summary>Services that have sent spans since the start: under pressure no others are taken.</summary>
/// <remarks>Thread-safe.</remarks>
internal sealed class KnownServices
{
    /// <summary>Beyond so many all are forgotten, and known again as they send.</summary>
    private const int MaxServices = 20_000;

    private readonly TextHasher _hasher = new();
    private readonly ConcurrentDictionary<TextHash, bool> _known = new();

    /// <summary>Remembers the services of a batch that is taken.</summary>
    public void Add(SpanBatch batch)
    {
        for (var i = 0; i < batch.ResourceCount; i++)
        {
            var hash = HashOf(batch, i);
            if (!_known.ContainsKey(hash))
            {
                if (_known.Count >= MaxServices)
                {
                    _known.Clear();
                }
                _known[hash] = true;
            }
        }
    }

    public bool Knows(SpanBatch batch, int resource) => _known.ContainsKey(HashOf(batch, resource));

    /// <summary>Services of different tenants are different ones.</summary>
    private TextHash HashOf(SpanBatch batch, int resource)
    {
        var service = _hasher.HashOf(batch.ServiceOf(resource));
        if (batch.Tenant.Length == 0)
        {
            return service;
        }
        var tenant = (ulong)string.GetHashCode(batch.Tenant, StringComparison.Ordinal);
        return new TextHash(service.High, service.Low ^ (tenant * 0x9E3779B97F4A7C15));
    }
}
