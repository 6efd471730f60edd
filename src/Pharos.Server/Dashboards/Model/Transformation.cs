using System.Text.Json.Nodes;

namespace Pharos.Server.Dashboards.Model;

/// <summary>A step that reshapes tables before they are drawn, as the file gives it.</summary>
public sealed record Transformation(string Id, JsonObject Options);
