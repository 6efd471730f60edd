namespace Pharos.Server.Dashboards.Model;

public sealed record VariableOption(string Text, string Value);
