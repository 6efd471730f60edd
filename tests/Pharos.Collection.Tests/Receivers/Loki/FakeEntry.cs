namespace Pharos.Collection.Tests.Receivers.Loki;

internal sealed record FakeEntry(string Tenant, string Stream, long TimeNs, string Line, IReadOnlyDictionary<string, string> Metadata)
{
    /// <summary>The metadata that came with it.</summary>
    public string Sent => string.Join(", ", Metadata.Where(static pair => pair.Key != "detected_level").Select(static pair => $"{pair.Key}={pair.Value}"));

    public string Level => Metadata.GetValueOrDefault("detected_level", "");
}
