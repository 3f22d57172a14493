using System.Diagnostics;

namespace MeaiRouter.Diagnostics;

/// <summary>Makes an activity the current one for as long as a block runs, so that what is recorded there is an exemplar of its trace.</summary>
internal readonly ref struct CurrentActivity
{
    private readonly Activity? _before;
    private readonly bool _isChanged;

    public CurrentActivity(Activity? activity)
    {
        if (activity is null)
            return;

        _before = Activity.Current;
        _isChanged = !ReferenceEquals(_before, activity);
        if (_isChanged)
            Activity.Current = activity;
    }

    public void Dispose()
    {
        if (_isChanged)
            Activity.Current = _before;
    }
}
