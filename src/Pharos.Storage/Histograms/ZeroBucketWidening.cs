namespace Pharos.Storage.Histograms;

/// <summary>What the zero bucket of a histogram would hold if it were wider.</summary>
/// <remarks>The threshold moves up, if it must, so that it lies in no populated bucket: nothing can be split without guessing.</remarks>
internal struct ZeroBucketWidening
{
    public double Threshold;
    public double Count;
    public double Correction;

    public void Widen(double threshold, int schema, BucketRow positive, BucketRow negative, bool compensated)
    {
        var (count, correction) = (Count, Correction);
        do
        {
            (Count, Correction, Threshold) = (count, correction, threshold);
            Absorb(positive, schema, ref threshold, compensated);
            Threshold = threshold;
            Absorb(negative, schema, ref threshold, compensated);
        }
        while (threshold != Threshold);
    }

    /// <summary>How many buckets of a row begin inside the zero bucket.</summary>
    public readonly int CountInside(BucketRow row, int schema)
    {
        var count = 0;
        while (count < row.Length && ExponentialBounds.Upper(row.IndexAt(count) - 1, schema) < Threshold)
        {
            count++;
        }
        return count;
    }

    private void Absorb(BucketRow row, int schema, ref double threshold, bool compensated)
    {
        for (var i = 0; i < row.Length; i++)
        {
            if (ExponentialBounds.Upper(row.IndexAt(i) - 1, schema) >= threshold)
            {
                return;
            }
            if (compensated)
            {
                Compensation.Add(ref Count, ref Correction, row.CountAt(i));
                Compensation.Add(ref Count, ref Correction, row.CorrectionAt(i));
            }
            else
            {
                Count += row.CountAt(i);
            }
            var upper = ExponentialBounds.Upper(row.IndexAt(i), schema);
            if (upper > threshold)
            {
                threshold = row.CountAt(i) != 0 ? upper : threshold;
                return;
            }
        }
    }
}
