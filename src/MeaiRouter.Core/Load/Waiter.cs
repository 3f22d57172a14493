namespace MeaiRouter.Load;

/// <summary>A request that waits for room. Everything but its completion is guarded by the gate's lock.</summary>
internal sealed class Waiter(LoadGate gate, RequestPriority priority, string caller)
    : TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously)
{
    public LoadGate Gate => gate;

    public RequestPriority Priority => priority;

    /// <summary>Who waits; empty where the request does not say.</summary>
    public string Caller => caller;

    /// <summary>Its place in its caller's row; <see langword="null"/> once it waits no longer.</summary>
    public LinkedListNode<Waiter>? Place { get; set; }
}
