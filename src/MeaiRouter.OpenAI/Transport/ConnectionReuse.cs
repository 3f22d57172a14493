namespace MeaiRouter.OpenAI.Transport;

/// <summary>
/// A connection can serve the next call only if the answer was read to its last byte, which comes just after <c>[DONE]</c>.
/// </summary>
internal static class ConnectionReuse
{
    private const int MaxReads = 4;
    private const int BufferBytes = 256;
    private static readonly TimeSpan MaxWait = TimeSpan.FromMilliseconds(100);

    /// <summary>Reads the rest of a stream whose answer is complete, without waiting long and whatever becomes of it.</summary>
    public static async Task ReadToEndAsync(Stream stream, CancellationToken cancellationToken)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var buffer = new byte[BufferBytes];
        var isLimited = false;
        try
        {
            for (var i = 0; i < MaxReads; i++)
            {
                // Nearly always the rest has come with what was read, and nobody needs a timer.
                var read = stream.ReadAsync(buffer, limit.Token);
                if (!read.IsCompleted && !isLimited)
                {
                    limit.CancelAfter(MaxWait);
                    isLimited = true;
                }

                if (await read.ConfigureAwait(false) == 0)
                    return;
            }
        }
        catch (Exception exception) when (exception is OperationCanceledException or IOException or HttpRequestException)
        {
            // The answer is whole; only the connection is lost.
        }
    }
}
