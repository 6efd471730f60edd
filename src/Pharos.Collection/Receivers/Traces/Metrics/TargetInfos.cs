using System.Globalization;
using System.IO.Hashing;
using System.Security.Cryptography;
using System.Text;
using Pharos.Storage.Model;
using Pharos.Storage.Traces;
using Pharos.Storage.Traces.Batches;

namespace Pharos.Collection.Receivers.Traces.Metrics;

/// <summary><c>traces_target_info</c>: one series for each resource, with what it says of itself as labels.</summary>
/// <remarks>Not thread-safe. As Tempo does, a resource that says no more than its name is left out.</remarks>
internal sealed class TargetInfos(int most)
{
    public const string Name = "traces_target_info";

    private readonly Dictionary<ulong, Target> _targets = [];
    private readonly long _seed = BitConverter.ToInt64(RandomNumberGenerator.GetBytes(sizeof(long)));

    public int Count => _targets.Count;

    /// <summary>Times that a resource beyond the limit came.</summary>
    public long Overflowed { get; private set; }

    public void Add(SpanBatch batch, int resource, long nowMs)
    {
        var hash = HashOf(batch, resource);
        if (!_targets.TryGetValue(hash, out var target))
        {
            if (_targets.Count >= most)
            {
                Overflowed++;
                return;
            }
            _targets[hash] = target = new Target(LabelsOf(batch, resource));
        }
        target.LastMs = nowMs;
    }

    public void Write(SampleWriter writer, long endsBeforeMs)
    {
        foreach (var (hash, target) in _targets)
        {
            if (target.LastMs < endsBeforeMs)
            {
                target.End(writer);
                _targets.Remove(hash);
            }
            else
            {
                target.Write(writer);
            }
        }
    }

    private ulong HashOf(SpanBatch batch, int resource)
    {
        var hash = XxHash3.HashToUInt64(MemoryOf(batch.Tenant), _seed);
        for (var at = batch.Resource(resource).Attributes.First; at != AttributeRange.End; at = batch.Attribute(at).Next)
        {
            ref readonly var row = ref batch.Attribute(at);
            hash = (hash * 31) + XxHash3.HashToUInt64(batch.Text(row.Key), _seed);
            hash = (hash * 31) + XxHash3.HashToUInt64(batch.Text(row.Text), _seed) + (ulong)row.Bits + (ulong)row.Kind;
        }
        return hash;
    }

    private static ReadOnlySpan<byte> MemoryOf(string text) => System.Runtime.InteropServices.MemoryMarshal.AsBytes(text.AsSpan());

    /// <summary>Null where there is nothing to tell.</summary>
    private static LabelSet? LabelsOf(SpanBatch batch, int resource)
    {
        var (service, space, instance) = (Encoding.UTF8.GetString(batch.ServiceOf(resource)), "", "");
        var labels = new LabelSetBuilder();
        for (var at = batch.Resource(resource).Attributes.First; at != AttributeRange.End; at = batch.Attribute(at).Next)
        {
            ref readonly var row = ref batch.Attribute(at);
            var key = Encoding.UTF8.GetString(batch.Text(row.Key));
            switch (key)
            {
                case "service.name" or "" or SpanWarnings.Key:
                    break;
                case "service.namespace":
                    space = batch.ValueOf(row).ToString();
                    break;
                case "service.instance.id":
                    instance = batch.ValueOf(row).ToString();
                    break;
                default:
                    if (row.Kind is not (AttributeKind.Bytes or AttributeKind.Array or AttributeKind.Map))
                    {
                        labels.Set(LabelOf(key), batch.ValueOf(row).ToString());
                    }
                    break;
            }
        }
        if (labels.Labels.Count == 0)
        {
            return null;
        }
        return labels.Set("job", space.Length > 0 ? $"{space}/{service}" : service).Set("instance", instance).Set("tenant", batch.Tenant)
            .Set(Label.MetricName, Name).Build();
    }

    /// <summary>A key as a label's name: what is no letter, digit or underscore becomes an underscore.</summary>
    private static string LabelOf(string key)
    {
        var name = string.Create(key.Length, key, static (into, from) =>
        {
            for (var i = 0; i < into.Length; i++)
            {
                into[i] = char.IsAsciiLetterOrDigit(from[i]) ? from[i] : '_';
            }
        });
        return char.IsAsciiDigit(name[0]) ? string.Create(CultureInfo.InvariantCulture, $"key_{name}") : name;
    }

    private sealed class Target(LabelSet? labels)
    {
        private ulong _reference;

        public long LastMs { get; set; }

        public void Write(SampleWriter writer)
        {
            if (labels is not null)
            {
                writer.Gauge(ref _reference, labels, 1);
            }
        }

        public void End(SampleWriter writer) => writer.End(ref _reference);
    }
}
