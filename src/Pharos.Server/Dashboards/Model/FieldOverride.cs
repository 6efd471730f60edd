namespace Pharos.Server.Dashboards.Model;

/// <summary>Differs from the panel's configuration for the fields that it names.</summary>
/// <param name="IsRegex">The name is a regular expression.</param>
public sealed record FieldOverride(string Name, bool IsRegex, string? Unit, int? Decimals, string? Color, string? DisplayName);
