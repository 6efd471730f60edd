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

    /// <summary>Families are forgotten that so many scrapes in a row have not named.</summary>
    private const int KeptScrapes = 10;

    /// <summary>The hash of the last text by the hash of family and kind: an unchanged line makes no strings.</summary>
    private readonly Dictionary<ulong, (ulong TextHash, SeenFamily Family)> _texts = [];
    private readonly Dictionary<string, SeenFamily> _families = new(StringComparer.Ordinal);
    private readonly HashSet<string> _changed = new(StringComparer.Ordinal);
    private volatile IReadOnlyDictionary<string, MetricMetadata> _published = FrozenDictionary<string, MetricMetadata>.Empty;
    private long _scrape;

    public IReadOnlyDictionary<string, MetricMetadata> Published => _published;

    public void See<TParser>(ref TParser parser, ExpositionEntry kind)
        where TParser : struct, IExpositionParser, allows ref struct
    {
        var key = XxHash3.HashToUInt64(parser.Family, (long)kind);
        var text = XxHash3.HashToUInt64(parser.Text);
        if (_texts.TryGetValue(key, out var last) && last.TextHash == text)
        {
            last.Family.SeenIn = _scrape;
            return;
        }
        var name = parser.ReadFamily();
        if (!_families.TryGetValue(name, out var family))
        {
            if (_families.Count >= MaxFamilies)
            {
                return;
            }
            _families.Add(name, family = new SeenFamily());
        }
        _texts[key] = (text, family);
        family.SeenIn = _scrape;
        family.Metadata = kind switch
        {
            ExpositionEntry.Type => family.Metadata with { Type = parser.ReadText() },
            ExpositionEntry.Help => family.Metadata with { Help = parser.ReadText() },
            _ => family.Metadata with { Unit = parser.ReadText() },
        };
        _changed.Add(name);
    }

    /// <summary>Hands over what a scrape, good or bad, has changed.</summary>
    public void Publish()
    {
        foreach (var name in _changed)
        {
            store.SetMetadata(name, _families[name].Metadata);
        }
        if (Forget() || _changed.Count > 0)
        {
            _published = _families.ToFrozenDictionary(pair => pair.Key, pair => pair.Value.Metadata, StringComparer.Ordinal);
        }
        _changed.Clear();
        _scrape++;
    }

    private bool Forget()
    {
        if (!_families.Values.Any(IsGone))
        {
            return false;
        }
        foreach (var (key, _) in _texts.Where(pair => IsGone(pair.Value.Family)).ToList())
        {
            _texts.Remove(key);
        }
        foreach (var (name, _) in _families.Where(pair => IsGone(pair.Value)).ToList())
        {
            _families.Remove(name);
        }
        return true;
    }

    private bool IsGone(SeenFamily family) => family.SeenIn < _scrape - KeptScrapes;

    private sealed class SeenFamily
    {
        public MetricMetadata Metadata { get; set; } = new("unknown", "", "");

        /// <summary>The scrape, by number, that last named the family.</summary>
        public long SeenIn { get; set; }
    }
}
