using System.Numerics;
using Pharos.Storage.Encoding;
using Pharos.Storage.Traces.Querying;

namespace Pharos.Storage.Traces.Records;

/// <summary>What spans of a record have, each once: services, operations and keys.</summary>
/// <remarks>Immutable. There are no more operations than spans and no more keys than attributes, so that it is bounded as the record is.</remarks>
internal sealed class RecordFacts
{
    private const AttributeScopes OwnScopes = AttributeScopes.Span | AttributeScopes.Event | AttributeScopes.Link;
    private const AttributeScopes SharedScopes = AttributeScopes.Resource | AttributeScopes.Scope;

    private const int ExpectedOperations = 512;

    private readonly SpanRecord _record;
    private readonly int[] _services;
    private readonly RecordOperation[] _operations;
    private readonly RecordKey[] _keys;

    private RecordFacts(SpanRecord record, int serviceKey, int[] services, RecordOperation[] operations, RecordKey[] keys) =>
        (_record, ServiceKey, _services, _operations, _keys) = (record, serviceKey, services, operations, keys);

    /// <summary>Number of the text <c>service.name</c>; -1 where the record does not have it.</summary>
    public int ServiceKey { get; }

    /// <summary>Numbers of texts; 0 where a resource gives no name.</summary>
    public ReadOnlySpan<int> Services => _services;

    public ReadOnlySpan<RecordKey> Keys => _keys;

    /// <summary>As it stands in a record.</summary>
    private static ReadOnlySpan<byte> ServiceNameKey => "\u000cservice.name"u8;

    /// <summary>What the spans have that start in [<paramref name="startNs"/>, <paramref name="endNs"/>].</summary>
    public static RecordFacts Of(SpanRecord record, long startNs, long endNs)
    {
        var serviceKey = record.NumberOf(ServiceNameKey);
        var serviceOfScope = new int[record.Scopes.Length];
        Array.Fill(serviceOfScope, -1);
        var operations = new HashSet<RecordOperation>(Math.Min(record.Spans.Length, ExpectedOperations));
        var keys = new KeyKinds(record.Texts.Length + 1, serviceKey);
        for (var span = 0; span < record.Spans.Length; span++)
        {
            if (record.StartNsOf(span) is var start && (start < startNs || start > endNs))
            {
                continue;
            }
            var read = RecordSpan.Read(record, span);
            if (serviceOfScope[read.Scope] < 0)
            {
                keys.Service = 0;
                RecordAttributes.OfScope(record, read.Scope, SharedScopes, ref keys);
                serviceOfScope[read.Scope] = keys.Service;
            }
            operations.Add(new RecordOperation(serviceOfScope[read.Scope], read.Name, read.Kind));
            RecordAttributes.OfSpan(record, read, OwnScopes, ref keys);
        }
        var services = operations.Select(static operation => operation.Service).Distinct();
        return new RecordFacts(record, serviceKey, [.. services], [.. operations], keys.ToArray());
    }

    /// <summary>Operations where they are wanted, else keys.</summary>
    public void Tell(ISpanFacts into)
    {
        if (into.WantsOperations)
        {
            TellOperations(into);
            return;
        }
        foreach (var key in _keys)
        {
            if ((key.Scope & into.WantedScopes) != 0)
            {
                into.Key(_record.TextString(key.Key));
            }
        }
    }

    private void TellOperations(ISpanFacts into)
    {
        foreach (var number in _services)
        {
            var service = number == 0 ? SpanResource.UnknownService : _record.TextString(number);
            if (into.WantedService is null)
            {
                into.Operation(service, "", default);
            }
            else if (into.WantedService == service)
            {
                foreach (var operation in _operations)
                {
                    if (operation.Service == number)
                    {
                        into.Operation(service, _record.TextString(operation.Name), (SpanKind)operation.Kind);
                    }
                }
            }
        }
    }

    /// <summary>The kinds of values by scope and key.</summary>
    private struct KeyKinds(int texts, int serviceKey) : IRecordAttributes
    {
        private const int Scopes = 5;

        private readonly byte[] _kinds = new byte[Scopes * texts];

        /// <summary>As <see cref="RecordAttributes.ServiceOf"/> gives it, of the resource that was gone through since it was set to 0.</summary>
        public int Service { get; set; }

        public bool Visit(AttributeScopes scope, int key, AttributeKind kind, ref ByteReader reader)
        {
            _kinds[(BitOperations.Log2((uint)scope) * texts) + key] |= (byte)(1 << (int)kind);
            if (key == serviceKey && kind == AttributeKind.Text && Service == 0 && scope == AttributeScopes.Resource)
            {
                Service = (int)reader.UVarint();
                return false;
            }
            SpanRecord.SkipValue(ref reader, kind);
            return false;
        }

        public readonly RecordKey[] ToArray()
        {
            var keys = new List<RecordKey>();
            for (var at = 0; at < _kinds.Length; at++)
            {
                if (_kinds[at] != 0)
                {
                    keys.Add(new RecordKey(at % texts, (AttributeScopes)(1 << (at / texts)), _kinds[at]));
                }
            }
            return [.. keys];
        }
    }
}
