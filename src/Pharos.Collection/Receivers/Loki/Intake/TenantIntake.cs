using System.Collections.Concurrent;
using System.Text;
using Pharos.Collection.Hashing;
using Pharos.Collection.Receivers.Loki.Decoding;
using Pharos.Collection.Receivers.Loki.Enrichment;
using Pharos.Storage.Logs;
using Pharos.Storage.Model;

namespace Pharos.Collection.Receivers.Loki.Intake;

/// <summary>The streams that one tenant has sent lately, by the bytes of their labels.</summary>
/// <remarks>Thread-safe.</remarks>
internal sealed class TenantIntake(string tenant, ILogStore store, TextHasher hasher)
{
    /// <summary>Beyond so many all are forgotten; they are found again as they come.</summary>
    private const int MaxKnownStreams = 100_000;

    private readonly ConcurrentDictionary<TextHash, KnownStream> _byText = new();
    private readonly ConcurrentDictionary<LabelSet, KnownStream> _byLabels = new();

    public string Tenant => tenant;

    public ByteRate Rate { get; } = new();

    public KnownStream Of(ReadOnlySpan<byte> text, StreamTextForm form, LokiIngestLimits limits)
    {
        var hash = hasher.HashOf(text);
        if (_byText.TryGetValue(hash, out var known) && ReferenceEquals(known.Limits, limits))
        {
            return known;
        }
        known = StreamText.Parse(text, form, out var error) is { } labels
            ? Of(labels, limits)
            : Refused(limits, Encoding.UTF8.GetString(text), PushRejections.InvalidLabels(Encoding.UTF8.GetString(text), error));
        Bound(_byText);
        _byText[hash] = known;
        return known;
    }

    /// <param name="labels">A name perhaps twice.</param>
    public KnownStream Of(IReadOnlyList<Label> labels, LokiIngestLimits limits)
    {
        if (StreamCheck.Check(labels, limits) is { } rejection)
        {
            return Refused(limits, LabelSet.ToBracedText(labels), rejection);
        }
        var set = ServiceNames.Complete(LabelSet.From([.. labels]), limits.ServiceNameSources);
        if (_byLabels.TryGetValue(set, out var known) && ReferenceEquals(known.Limits, limits))
        {
            return known;
        }
        known = new KnownStream(limits, store.Stream(tenant, set), set.ToBracedText(), LevelOf(set, limits), null);
        Bound(_byLabels);
        _byLabels[set] = known;
        return known;
    }

    private static KnownStream Refused(LokiIngestLimits limits, string text, PushRejection rejection) => new(limits, null, text, default, rejection);

    private static ReadOnlyMemory<byte> LevelOf(LabelSet labels, LokiIngestLimits limits)
    {
        foreach (var name in limits.LevelFields.Names)
        {
            if (labels[name] is { Length: > 0 } value && LogLevels.OfValue(Encoding.UTF8.GetBytes(value)) is { IsEmpty: false } level)
            {
                return level.ToArray();
            }
        }
        return default;
    }

    private static void Bound<TKey>(ConcurrentDictionary<TKey, KnownStream> known)
        where TKey : notnull
    {
        if (known.Count >= MaxKnownStreams)
        {
            known.Clear();
        }
    }
}
