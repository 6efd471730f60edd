namespace Pharos.Collection.Scraping.Fetching;

/// <summary>How many fetches may hold a thread of the pool while their target answers. Waiting so costs one wake-up; to let the
/// thread go costs three more, which for a small target is as much work as reading it.</summary>
/// <remarks>Thread-safe. Who gives a collector threads to hold adds <see cref="MaxHeld"/> to the pool's minimum, so that nobody
/// else waits for them.</remarks>
internal sealed class BlockingFetches
{
    public const int MaxHeld = 4;

    /// <summary>A target that needed longer than this, or failed, is waited for without a thread the next time.</summary>
    public static readonly TimeSpan MaxWait = TimeSpan.FromSeconds(1);

    private int _held;

    public bool TryEnter()
    {
        if (Interlocked.Increment(ref _held) <= MaxHeld)
        {
            return true;
        }
        Exit();
        return false;
    }

    public void Exit() => Interlocked.Decrement(ref _held);
}
