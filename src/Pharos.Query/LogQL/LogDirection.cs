namespace Pharos.Query.LogQL;

/// <summary>In which order lines are wanted, and with that which ones where there are too many.</summary>
public enum LogDirection
{
    /// <summary>The newest first.</summary>
    Backward,

    /// <summary>The oldest first.</summary>
    Forward,
}
