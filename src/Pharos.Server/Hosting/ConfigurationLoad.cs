namespace Pharos.Server.Hosting;

/// <summary>What reading all files gave: a snapshot, or the errors that keep it from being used (file, line, reason).</summary>
internal sealed record ConfigurationLoad(ConfigurationSnapshot? Snapshot, IReadOnlyList<string> Errors)
{
    public static ConfigurationLoad Failed(params IReadOnlyList<string> errors) => new(null, errors);
}
