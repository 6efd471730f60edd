using Pharos.Storage.Model;

namespace Pharos.Server.Configuration.Yaml;

/// <summary>Reads a mapping key by key. Asking for a key makes it a known one; <see cref="Done"/> reports the others.</summary>
/// <remarks>So a section's reader names each key in exactly one place. A key with nothing behind it counts as absent,
/// as it does at the peers.</remarks>
internal sealed class YamlMappingReader(YamlValue owner, YamlMapping mapping)
{
    private readonly List<string> _known = [];

    /// <summary>The mapping itself, to report what is missing or does not fit together.</summary>
    public YamlValue Owner { get; } = owner;

    public ConfigReading Reading => Owner.Reading;

    /// <summary>The value of a key, or null where the key is absent or empty.</summary>
    public YamlValue? Find(string key, bool secret = false) =>
        FindEvenNull(key, secret) is { IsNull: false } value ? value : null;

    /// <summary>The value of a key, YAML's null included.</summary>
    public YamlValue? FindEvenNull(string key, bool secret = false)
    {
        _known.Add(key);
        if (mapping.Find(key) is not { } entry)
        {
            return null;
        }
        var value = At(entry, secret);
        Reading.Understood(value.Path);
        return value;
    }

    /// <summary>Where a key stands, for findings about the key rather than its value.</summary>
    public YamlValue? KeyOf(string key) =>
        mapping.Find(key) is { } entry ? new YamlValue(Reading, entry.Key, PathOf(key)) : null;

    public bool Has(string key) => mapping.Find(key) is { Value: not YamlScalar { IsNull: true } };

    public string Text(string key, string otherwise = "") => Find(key)?.AsText() ?? otherwise;

    public bool Flag(string key, bool otherwise = false) => Find(key)?.AsFlag() ?? otherwise;

    public bool? OptionalFlag(string key) => Find(key)?.AsFlag();

    public TimeSpan Duration(string key, TimeSpan otherwise = default) => Find(key)?.AsDuration() ?? otherwise;

    public TimeSpan? OptionalDuration(string key) => Find(key)?.AsDuration();

    public double Number(string key, double otherwise = 0) => Find(key)?.AsNumber() ?? otherwise;

    public long Integer(string key, long otherwise = 0) => Find(key)?.AsInteger() ?? otherwise;

    /// <summary>A whole number that is not negative.</summary>
    public int Count(string key, int otherwise = 0)
    {
        if (Find(key) is not { } value || value.AsInteger() is not { } number)
        {
            return otherwise;
        }
        if (number is < 0 or > int.MaxValue)
        {
            value.Error($"{number} is not between 0 and {int.MaxValue}");
            return otherwise;
        }
        return (int)number;
    }

    public IReadOnlyList<YamlValue> List(string key, bool secret = false) => Find(key, secret)?.AsList() ?? [];

    /// <summary>A list of texts; null where the key is absent.</summary>
    public IReadOnlyList<string>? OptionalTexts(string key) => Find(key) is { } list
        ? [.. list.AsList().Select(item => item.AsText()).OfType<string>()] : null;

    public IReadOnlyList<string> Texts(string key) => OptionalTexts(key) ?? [];

    public YamlMappingReader? Mapping(string key) => Find(key)?.AsMapping();

    /// <summary>A mapping of texts to texts, in the order of the file.</summary>
    public IReadOnlyList<KeyValuePair<string, YamlValue>> Entries(string key, bool secret = false, string wantedKeys = "valid UTF-8") =>
        Find(key, secret)?.AsMapping()?.AllEntries(secret, wantedKeys) ?? [];

    /// <summary>Every entry, each of whose keys is thereby known: for mappings whose keys the user chooses.</summary>
    /// <param name="wanted">What a key that is no UTF-8 is called not to be.</param>
    public IReadOnlyList<KeyValuePair<string, YamlValue>> AllEntries(bool secret = false, string wanted = "valid UTF-8")
    {
        var entries = new List<KeyValuePair<string, YamlValue>>();
        foreach (var entry in mapping.Entries)
        {
            _known.Add(entry.Key.Text);
            if (YamlScalarTypes.Text(entry.Key) is { } key)
            {
                entries.Add(new(key, At(entry, secret)));
            }
            else
            {
                new YamlValue(Reading, entry.Key, Owner.Path).Error(YamlScalarTypes.Fault(entry.Key, wanted));
            }
        }
        return entries;
    }

    /// <summary>A secret that stands inline under <paramref name="key"/>; an empty one is none.</summary>
    public Secret? InlineSecret(string key) =>
        Find(key, secret: true)?.AsText() is { Length: > 0 } text ? Secret.Inline(text) : null;

    /// <summary>A secret inline under <paramref name="key"/> or in the file that <paramref name="fileKey"/> names; both are an error.</summary>
    public Secret? SecretOrFile(string key, string fileKey)
    {
        var inline = InlineSecret(key);
        var file = Text(fileKey);
        if (inline is not null && file.Length > 0)
        {
            (KeyOf(fileKey) ?? Owner).Error($"at most one of {key} & {fileKey} must be configured");
        }
        return inline ?? (file.Length > 0 ? Secret.FromFile(Reading.Resolve(file)) : null);
    }

    /// <summary>Whether somebody has asked for the key.</summary>
    public bool IsKnown(string key) => _known.Contains(key);

    /// <summary>Accepts a key without acting on it and says so.</summary>
    public YamlValue? NotHonoured(string key, string why)
    {
        var value = Find(key);
        if (value is not null)
        {
            KeyOf(key)!.NotHonoured(why);
        }
        return value;
    }

    /// <summary>Accepts keys that nothing is made of; <see cref="Done"/> will not call them unknown.</summary>
    public void Accept(params ReadOnlySpan<string> keys)
    {
        foreach (var key in keys)
        {
            FindEvenNull(key);
        }
    }

    /// <summary>An error at the key where it is there, otherwise at the mapping.</summary>
    public void ErrorAt(string key, string message) => (KeyOf(key) ?? Owner).Error(message);

    /// <summary>An error at the key, or at the mapping where the key is absent, unless the condition holds.</summary>
    public void ErrorUnless(bool condition, string key, string message)
    {
        if (!condition)
        {
            ErrorAt(key, message);
        }
    }

    /// <summary>Reports every key that nobody asked for, with the nearest known one.</summary>
    public void Done()
    {
        if (Reading.IgnoresUnknownKeys)
        {
            return;
        }
        foreach (var entry in mapping.Entries)
        {
            var key = entry.Key.Text;
            if (_known.Contains(key))
            {
                continue;
            }
            var nearest = NearestKey.Find(key, _known);
            var hint = nearest is null ? "" : $"; did you mean \"{nearest}\"?";
            new YamlValue(Reading, entry.Key, PathOf(key)).Error($"unknown key {YamlValue.Echo(key)}{hint}");
        }
    }

    private YamlValue At(YamlEntry entry, bool secret)
    {
        var isSecret = secret || Owner.IsSecret || SecretMask.IsSecretKey(entry.Key.Text);
        if (isSecret)
        {
            Hide(entry.Value);
        }
        return new YamlValue(Reading, entry.Value, PathOf(entry.Key.Text)) { IsSecret = isSecret };
    }

    private void Hide(YamlNode node)
    {
        switch (node)
        {
            case YamlScalar { IsNull: false } scalar:
                Reading.Hide(scalar);
                break;
            case YamlSequence list:
                foreach (var item in list.Items)
                {
                    Hide(item);
                }
                break;
            case YamlMapping nested:
                foreach (var entry in nested.Entries)
                {
                    Hide(entry.Value);
                }
                break;
        }
    }

    private string PathOf(string key) => Owner.Path.Length == 0 ? key : $"{Owner.Path}.{key}";
}
