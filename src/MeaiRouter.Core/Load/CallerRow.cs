namespace MeaiRouter.Load;

/// <summary>The requests of one caller that wait with one priority, oldest first.</summary>
internal sealed class CallerRow(string caller)
{
    public string Caller => caller;

    public LinkedList<Waiter> Waiters { get; } = new();
}
