namespace Pharos.Server.Configuration;

/// <summary>A file and what it was taken for.</summary>
/// <param name="Reason">By what it was recognised, or why it was left alone.</param>
internal sealed record FoundFile(string Path, ConfigFileKind Kind, string Reason);
