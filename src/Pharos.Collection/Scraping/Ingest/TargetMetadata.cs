using System.Collections.Frozen;
using System.IO.Hashing;
using Pharos.Collection.Exposition;
using Pharos.Storage.Metrics;
using Pharos.Storage.Model;

namespace Pharos.Collection.Scraping.Ingest;

/// <summary>Types, helps and units that one target exposes; tells the store only what has changed.</summary>
/// <remarks>Written by the target's loop, <see cref="Published"/> is read from any thread.</remarks>
internal sealed class TargetMetadata(IMetricStore store)
{
    /// <summary>Families of one target; those beyond it have no metadata.</summary>
    public const int MaxFamilies = 50_000;

    /// <summary>The hash of the last text by the hash of family and kind: an unchanged line makes no strings.</summary>
    private readonly Dictionary<ulong, ulong> _texts = [];
    private readonly Dictionary<string, MetricMetadata> _families = new(StringComparer.Ordinal);
    private readonly HashSet<string> _changed = new(StringComparer.Ordinal);
    private volatile IReadOnlyDictionary<string, MetricMetadata> _published = FrozenDictionary<string, MetricMetadata>.Empty;

    public IReadOnlyDictionary<string, MetricMetadata> Published => _published;

    public void See<TParser>(ref TParser parser, ExpositionEntry kind)
        where TParser : struct, IExpositionParser, allows ref struct
    {
        var key = XxHash3.HashToUInt64(parser.Family, (long)kind);
        var text = XxHash3.HashToUInt64(parser.Text);
        if (_texts.TryGetValue(key, out var last) && last == text)
        {
            return;
        }
        var family = parser.ReadFamily();
        if (!_families.TryGetValue(family, out var known))
        {
            if (_families.Count >= MaxFamilies)
            {
                return;
            }
            known = new MetricMetadata("unknown", "", "");
        }
        _texts[key] = text;
        _families[family] = kind switch
        {
            ExpositionEntry.Type => known with { Type = parser.ReadText() },
            ExpositionEntry.Help => known with { Help = parser.ReadText() },
            _ => known with { Unit = parser.ReadText() },
        };
        _changed.Add(family);
    }

    /// <summary>Hands over what a scrape has changed.</summary>
    public void Publish()
    {
        if (_changed.Count == 0)
        {
            return;
        }
        foreach (var family in _changed)
        {
            store.SetMetadata(family, _families[family]);
        }
        _changed.Clear();
        _published = _families.ToFrozenDictionary(StringComparer.Ordinal);
    }
}
