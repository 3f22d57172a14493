namespace MeaiRouter.Attempts;

/// <summary>Something an attempt holds, such as its place at an endpoint, and gives back when it ends.</summary>
internal interface IHeldUntilEnd
{
    /// <summary>Takes it back. Called exactly once for each attempt that held it.</summary>
    void Release(RouteAttempt attempt);
}
