using Microsoft.Extensions.AI;

namespace MeaiRouter.Core.Tests.Fakes;

/// <summary>One thing a fake provider does in the course of an answer: send an update, wait, fail.</summary>
internal sealed class Step(Func<CancellationToken, Task<ChatResponseUpdate?>> run)
{
    /// <summary>Says nothing until it is cancelled.</summary>
    public static Step Silence { get; } = new(async token =>
    {
        await Task.Delay(Timeout.Infinite, token);
        return null;
    });

    /// <summary>Says nothing until it is cancelled, and then ends the answer as if nothing had happened, as Anthropic's SDK does.</summary>
    public static Step SilenceThenQuietEnd { get; } = new(async token =>
    {
        await Task.Delay(Timeout.Infinite, token).ContinueWith(static _ => { }, TaskScheduler.Default);
        throw new EndOfAnswerException();
    });

    /// <summary>An update without anything in it.</summary>
    public static Step Empty => new ChatResponseUpdate();

    /// <summary>An update that only says who speaks.</summary>
    public static Step Role => new ChatResponseUpdate(ChatRole.Assistant, (string?)null);

    /// <summary>Says nothing until the task is done, whatever is cancelled meanwhile.</summary>
    public static Step DeafUntil(Task gate) => new(async _ =>
    {
        await gate;
        return null;
    });

    /// <summary>Throws when it is cancelled, but something other than a cancellation.</summary>
    public static Step SilenceThen(Exception exception) => new(async token =>
    {
        await Task.Delay(Timeout.Infinite, token).ContinueWith(static _ => { }, TaskScheduler.Default);
        throw exception;
    });

    public Task<ChatResponseUpdate?> RunAsync(CancellationToken token) => run(token);

    public static implicit operator Step(ChatResponseUpdate update) => new(async _ =>
    {
        await Task.Yield();
        return update;
    });

    public static implicit operator Step(string text) => new ChatResponseUpdate(ChatRole.Assistant, text);

    public static implicit operator Step(AIContent content) => new ChatResponseUpdate(ChatRole.Assistant, [content]);

    public static implicit operator Step(UsageDetails usage) => new ChatResponseUpdate(null, [new UsageContent(usage)]);

    public static implicit operator Step(ChatFinishReason reason) => new ChatResponseUpdate { FinishReason = reason };

    public static implicit operator Step(Exception exception) => new(async _ =>
    {
        await Task.Yield();
        throw exception;
    });

    /// <summary>Waits for the task, or for its own cancellation.</summary>
    public static implicit operator Step(Task gate) => new(async token =>
    {
        await gate.WaitAsync(token);
        return null;
    });
}
