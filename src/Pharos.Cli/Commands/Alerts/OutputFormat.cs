namespace Pharos.Cli.Commands.Alerts;

/// <summary>How amtool shows what it found.</summary>
internal enum OutputFormat
{
    Simple,
    Extended,
    Json,
}
