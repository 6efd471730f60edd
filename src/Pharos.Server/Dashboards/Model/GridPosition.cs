namespace Pharos.Server.Dashboards.Model;

/// <summary>Place in the grid of 24 columns; a cell is 30 px high with 8 px between cells.</summary>
public sealed record GridPosition(int X, int Y, int W, int H)
{
    /// <summary>What Grafana takes for a panel that says nothing.</summary>
    public static readonly GridPosition Default = new(0, 0, 6, 3);
}
