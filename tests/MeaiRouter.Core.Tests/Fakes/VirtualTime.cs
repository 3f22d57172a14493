namespace MeaiRouter.Core.Tests.Fakes;

internal static class VirtualTime
{
    private static readonly TimeSpan Step = TimeSpan.FromMilliseconds(5);

    /// <summary>Lets time pass until the task is done; not at all where nobody waits for time.</summary>
    public static async Task<T> Until<T>(this ManualTimeProvider time, Task<T> task)
    {
        await time.Until((Task)task);
        return await task;
    }

    /// <inheritdoc cref="Until{T}"/>
    public static async Task Until(this ManualTimeProvider time, Task task)
    {
        // Whoever does not wait for time is done before the pool has come round a few times; the moments between are then not missed.
        for (var turn = 0; !task.IsCompleted; turn++)
        {
            await Task.Yield();
            if (turn > 50)
                await Task.Delay(1);
            if (turn > 50)
                time.Advance(Step);
        }

        await task;
    }
}
