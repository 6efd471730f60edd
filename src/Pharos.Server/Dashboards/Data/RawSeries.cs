using Pharos.Server.Dashboards.Model;
using Pharos.Storage.Model;

namespace Pharos.Server.Dashboards.Data;

/// <summary>A series as a query gave it, on the panel's time axis.</summary>
/// <param name="Expr">The query with variables put in.</param>
internal sealed record RawSeries(PanelQuery Query, string Expr, LabelSet Labels, IReadOnlyList<double?> Values);
